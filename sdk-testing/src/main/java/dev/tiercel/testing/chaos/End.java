package dev.tiercel.testing.chaos;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** One socket of a connection. Used on the loop only. */
final class End {

  private final SocketChannel channel;
  private final SelectionKey key;

  End(SocketChannel channel, int operations, EventLoop loop, EventLoop.Handler handler)
      throws IOException {
    this.channel = channel;
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    key = loop.register(channel, operations, handler);
  }

  boolean isConnected() {
    return channel.isConnected();
  }

  /** Begins to connect; whether that was all. */
  boolean connect(InetSocketAddress target) throws IOException {
    interest(SelectionKey.OP_CONNECT, true);
    return channel.connect(target);
  }

  void finishConnect() throws IOException {
    channel.finishConnect();
    interest(SelectionKey.OP_CONNECT, false);
  }

  void interest(int operation, boolean wanted) {
    if (key.isValid()) {
      key.interestOps(wanted ? key.interestOps() | operation : key.interestOps() & ~operation);
    }
  }

  int read(ByteBuffer into) throws IOException {
    return channel.read(into);
  }

  int write(ByteBuffer from) throws IOException {
    return channel.write(from);
  }

  /** Ends the stream in good order; one that has ended otherwise stays as it is. */
  void shutdownOutput() {
    try {
      if (channel.isConnected()) {
        channel.shutdownOutput();
      }
    } catch (IOException ended) {
      close();
    }
  }

  /** Closes it so that the other side is told of a reset. */
  void reset() {
    try {
      if (channel.isOpen()) {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      }
    } catch (IOException ended) {
      // Then there is nobody to tell.
      close();
      return;
    }
    close();
  }

  void close() {
    try {
      channel.close();
    } catch (IOException ended) {
      // It is closed all the same.
      return;
    }
  }
}
