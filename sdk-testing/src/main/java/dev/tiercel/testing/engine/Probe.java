package dev.tiercel.testing.engine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Asks an engine one question over a plain socket; a client library would bring threads and
 * dependencies.
 */
final class Probe {
  private static final int TIMEOUT_MILLIS = 1_000;
  private static final int ANSWER_BYTES = 64 * 1024;

  private Probe() {}

  /**
   * Sends the request and reads until the other side closes; empty when nothing answers within a
   * second.
   */
  static String ask(int port, String request) {
    try (var socket = new Socket()) {
      var host = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      var answer = socket.getInputStream().readNBytes(ANSWER_BYTES);
      return new String(answer, StandardCharsets.ISO_8859_1);
    } catch (IOException notYet) {
      return "";
    }
  }
}
