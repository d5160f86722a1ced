package dev.tiercel.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A TCP hop that can hold back what clients have sent, as a network does that is stuck: neither the
 * bytes nor the end of the client reach the server until they are let go.
 */
final class HoldingRelay implements AutoCloseable {

  private final URI target;
  private final ServerSocket server;
  private final List<Hop> hops = new CopyOnWriteArrayList<>();

  HoldingRelay(URI target) {
    this.target = target;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    start(this::accept);
  }

  URI uri() {
    return URI.create("redis://127.0.0.1:" + server.getLocalPort());
  }

  /** Holds back what the present clients send from now on; those to come are not held. */
  List<Hop> holdAll() {
    var held = List.copyOf(hops);
    held.forEach(hop -> hop.hold(true));
    return held;
  }

  /** One connection. */
  static final class Hop {
    private final Socket client;
    private final Socket server;
    private boolean holding;
    private long heldBytes;
    private boolean serverEnded;

    private Hop(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    synchronized void hold(boolean hold) {
      holding = hold;
      notifyAll();
    }

    synchronized long heldBytes() {
      return heldBytes;
    }

    /** Whether the server has hung up. */
    synchronized boolean serverEnded() {
      return serverEnded;
    }

    private void toServer() {
      pass(client, server, true);
    }

    private void toClient() {
      pass(server, client, false);
      synchronized (this) {
        serverEnded = true;
      }
    }

    private void pass(Socket from, Socket to, boolean held) {
      try {
        copy(from.getInputStream(), to.getOutputStream(), held);
        to.close();
      } catch (IOException | InterruptedException ended) {
        // Either side has hung up.
      }
    }

    private void copy(InputStream in, OutputStream out, boolean held)
        throws IOException, InterruptedException {
      var bytes = new byte[8192];
      for (var read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        if (held) {
          await(read);
        }
        out.write(bytes, 0, read);
      }
      if (held) {
        await(0);
      }
    }

    private synchronized void await(int bytes) throws InterruptedException {
      if (holding) {
        heldBytes += bytes;
      }
      while (holding) {
        wait();
      }
    }
  }

  private void accept() {
    try {
      while (true) {
        var client = server.accept();
        var hop = new Hop(client, new Socket(target.getHost(), target.getPort()));
        hops.add(hop);
        start(hop::toServer);
        start(hop::toClient);
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private static void start(Runnable task) {
    var thread = new Thread(task, "holding-relay");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (var hop : hops) {
      hop.hold(false);
      hop.client.close();
      hop.server.close();
    }
  }
}
