package dev.tiercel.testing.region;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.Socket;

/** A connection to a Redis, in a test's hand. */
record Line(Socket socket) implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 10_000;

  static Line to(String host, int port) throws IOException {
    var socket = new Socket(host, port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    return new Line(socket);
  }

  static Line to(Endpoints endpoints) throws IOException {
    return to(endpoints.host(), endpoints.redisPort());
  }

  void say(String command) throws IOException {
    socket.getOutputStream().write((command + "\r\n").getBytes(US_ASCII));
  }

  /** The next line; empty at the end of the stream. */
  String hear() throws IOException {
    var line = new StringBuilder();
    for (int next = socket.getInputStream().read();
        next >= 0 && next != '\n';
        next = socket.getInputStream().read()) {
      line.append((char) next);
    }
    return line.toString().strip();
  }

  String ask(String command) throws IOException {
    say(command);
    return hear();
  }

  int waiting() throws IOException {
    return socket.getInputStream().available();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
