package dev.tiercel.testing.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Hands out the sockets it accepts, and echoes on those it is told to; a thread each, which ends
 * with its socket.
 */
final class EchoServer implements AutoCloseable {

  private final ServerSocket listener;
  private final BlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();

  EchoServer() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept, "echo-accept");
  }

  int port() {
    return listener.getLocalPort();
  }

  /** The next connection, for the test to speak for the server. */
  Wire next() throws Exception {
    var socket = accepted.poll(10, TimeUnit.SECONDS);
    if (socket == null) {
      throw new IllegalStateException("connection: none (expected: one within 10 s)");
    }
    return new Wire(socket);
  }

  /** The next connection, echoing until it ends. */
  void echoNext() throws Exception {
    var wire = next();
    start(() -> echo(wire), "echo");
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (var socket : accepted) {
      socket.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        accepted.add(listener.accept());
      }
    } catch (IOException closed) {
      return;
    }
  }

  private static void echo(Wire wire) {
    try (wire) {
      wire.socket().getInputStream().transferTo(wire.socket().getOutputStream());
    } catch (IOException ended) {
      return;
    }
  }

  private static void start(Runnable task, String name) {
    var thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }
}
