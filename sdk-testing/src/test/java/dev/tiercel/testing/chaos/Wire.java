package dev.tiercel.testing.chaos;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;

/** A socket in a test's hand. */
record Wire(Socket socket) implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 10_000;

  Wire {
    try {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
    } catch (SocketException failure) {
      throw new IllegalStateException(failure);
    }
  }

  static Wire to(ChaosProxy proxy) throws IOException {
    return new Wire(new Socket(InetAddress.getByName(proxy.host()), proxy.port()));
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
  }

  /** Sends the end of the stream. */
  void finish() throws IOException {
    socket.shutdownOutput();
  }

  /** Closes so that the other side is told of a reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  String receive(int length) throws IOException {
    return new String(socket.getInputStream().readNBytes(length), US_ASCII);
  }

  /** The next byte's number, -1 at the end of the stream. */
  int next() throws IOException {
    return socket.getInputStream().read();
  }

  /** How many bytes are there to be received. */
  int waiting() throws IOException {
    return socket.getInputStream().available();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
