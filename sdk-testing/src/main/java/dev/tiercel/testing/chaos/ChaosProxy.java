package dev.tiercel.testing.chaos;

import dev.tiercel.time.SystemTime;
import dev.tiercel.time.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy in front of a server, on a port of 127.0.0.1, that passes everything on until it is
 * told to break something.
 *
 * <p>Faults hold for the connections a predicate picks, those of the future included, from the
 * moment {@code inject} returns until they are healed. The predicate is asked again whenever more
 * of a connection's {@linkplain ChaosConnection#opening opening} arrives, before those bytes go on;
 * it runs on the proxy's thread, must be quick, and if it throws it does not pick.
 *
 * <p>Thread-safe. It has one thread, and one for timers; both are daemons and end with
 * {@link #close()}.
 */
public final class ChaosProxy implements AutoCloseable {

  private final InetSocketAddress target;
  private final EventLoop loop;
  private final Time time;
  private final @Nullable SystemTime ownTime;
  private final InetSocketAddress address;
  private final List<Tunnel> tunnels = new CopyOnWriteArrayList<>();
  private final List<Injected> injected = new CopyOnWriteArrayList<>();
  private final List<Object> refusals = new CopyOnWriteArrayList<>();
  private ServerSocketChannel listener;
  private long accepted;

  /** A fault and whom it holds for; no record, since two that look the same are two. */
  private static final class Injected {
    private final Predicate<? super ChaosConnection> picks;
    private final Fault fault;

    Injected(Predicate<? super ChaosConnection> picks, Fault fault) {
      this.picks = picks;
      this.fault = fault;
    }

    boolean picks(ChaosConnection connection) {
      try {
        return picks.test(connection);
      } catch (RuntimeException undecided) {
        return false;
      }
    }
  }

  private ChaosProxy(InetSocketAddress target, Time time, @Nullable SystemTime ownTime) {
    if (target.isUnresolved()) {
      throw new IllegalArgumentException("host: " + target.getHostString() + " (expected: known)");
    }
    this.target = target;
    this.time = time;
    this.ownTime = ownTime;
    try {
      listener = Ports.listen();
      address = (InetSocketAddress) listener.getLocalAddress();
      loop = new EventLoop("chaos-proxy-" + address.getPort());
      loop.register(listener, SelectionKey.OP_ACCEPT, key -> accept());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    loop.start();
  }

  /**
   * Starts a proxy.
   *
   * @param host the server's host
   * @param port the server's port; nobody needs to listen there yet
   * @throws UncheckedIOException if no port can be had
   */
  public static ChaosProxy before(String host, int port) {
    var time = new SystemTime("chaos-proxy-timer");
    return new ChaosProxy(new InetSocketAddress(host, port), time, time);
  }

  /**
   * Starts a proxy whose delays and rates are measured by a time of the caller's.
   *
   * @param host the server's host
   * @param port the server's port; nobody needs to listen there yet
   * @param time the time
   * @throws UncheckedIOException if no port can be had
   */
  public static ChaosProxy before(String host, int port, Time time) {
    return new ChaosProxy(new InetSocketAddress(host, port), time, null);
  }

  /** The address it listens on, as a name. */
  public String host() {
    return address.getHostString();
  }

  /** The port it listens on, the same for all its life. */
  public int port() {
    return address.getPort();
  }

  /** The connections that are open now, the oldest first. */
  public List<ChaosConnection> connections() {
    return List.copyOf(tunnels);
  }

  /**
   * Lets a fault happen to every connection, now and in future.
   *
   * @return undoes it
   * @throws IllegalStateException if the proxy is closed
   */
  public Injection inject(Fault fault) {
    return inject(connection -> true, fault);
  }

  /**
   * Lets a fault happen to the connections that a predicate picks, now and in future. To cut what
   * is there and spare what comes, heal at once.
   *
   * @param picks from a connection to whether the fault holds for it
   * @param fault what happens
   * @return undoes it
   * @throws IllegalStateException if the proxy is closed
   */
  public Injection inject(Predicate<? super ChaosConnection> picks, Fault fault) {
    var one = new Injected(picks, fault);
    return loop.call(() -> {
      injected.add(one);
      sufferAll();
      return new Injection(() -> unlessClosed(() -> {
        injected.remove(one);
        sufferAll();
      }));
    });
  }

  /**
   * Refuses new connections, as a port does that nobody listens on. Those that are open go on.
   *
   * @return accepts connections again, unless they are refused for another reason too; throws
   *     {@link UncheckedIOException} if somebody took the port meanwhile
   * @throws IllegalStateException if the proxy is closed
   */
  public Injection refuse() {
    var one = new Object();
    return loop.call(() -> {
      refusals.add(one);
      stopListening();
      return new Injection(() -> unlessClosed(() -> {
        refusals.remove(one);
        listen();
      }));
    });
  }

  /** Heals every fault there is. */
  public void heal() {
    unlessClosed(() -> {
      injected.clear();
      refusals.clear();
      sufferAll();
      listen();
    });
  }

  /** Closes every connection and the port, and ends the threads. A second call does nothing. */
  @Override
  public void close() {
    loop.close();
    if (ownTime != null) {
      ownTime.close();
    }
  }

  /** The faults that hold for a connection now. */
  List<Fault> faultsOf(Tunnel tunnel) {
    return injected.stream()
        .filter(one -> one.picks(tunnel))
        .map(one -> one.fault)
        .toList();
  }

  void closed(Tunnel tunnel) {
    tunnels.remove(tunnel);
  }

  private void unlessClosed(Runnable task) {
    if (loop.isClosed()) {
      return;
    }
    try {
      loop.call(() -> {
        task.run();
        return true;
      });
    } catch (IllegalStateException closedMeanwhile) {
      // Then all is over anyway.
      return;
    }
  }

  private void sufferAll() {
    tunnels.forEach(tunnel -> tunnel.suffer(faultsOf(tunnel)));
  }

  private void accept() {
    try {
      for (var client = listener.accept(); client != null; client = listener.accept()) {
        open(client);
      }
    } catch (IOException gone) {
      // The client was quicker; the next one is told of by the selector.
      return;
    }
  }

  private void open(SocketChannel client) throws IOException {
    try {
      var tunnel = new Tunnel(++accepted, this, client, loop, time);
      tunnels.add(tunnel);
      tunnel.begin(target);
    } catch (IOException gone) {
      client.close();
    }
  }

  private void stopListening() {
    try {
      listener.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void listen() {
    if (listener.isOpen() || !refusals.isEmpty()) {
      return;
    }
    try {
      listener = Ports.listen(address);
      loop.register(listener, SelectionKey.OP_ACCEPT, key -> accept());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
