package dev.tiercel.testing.chaos;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports to listen on that can be left for a while: below those that systems give to outgoing
 * connections, and apart from the engines'.
 */
final class Ports {

  private static final int LOWEST = 10_000;
  private static final int HIGHEST = 19_999;
  private static final int ATTEMPTS = 1_000;
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private Ports() {}

  /** Listens on any port of 127.0.0.1 that is free. */
  static ServerSocketChannel listen() throws IOException {
    var taken = new BindException("port: none free (expected: " + LOWEST + " to " + HIGHEST + ")");
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        return listen(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), random()));
      } catch (BindException again) {
        taken.addSuppressed(again);
      }
    }
    throw taken;
  }

  static ServerSocketChannel listen(InetSocketAddress address) throws IOException {
    var channel = ServerSocketChannel.open();
    try {
      // What is left of earlier connections does not matter.
      return channel.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(address);
    } catch (IOException | RuntimeException failure) {
      channel.close();
      throw failure;
    }
  }

  private static int random() {
    return ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1);
  }
}
