package dev.tiercel.testing.chaos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.tiercel.time.Durations;
import dev.tiercel.time.Time;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection through the proxy: two sockets and a flow each way. Changed on the loop only. */
final class Tunnel implements ChaosConnection {

  private static final int MAX_OPENING = 4 << 10;

  private final long id;
  private final ChaosProxy proxy;
  private final End client;
  private final End server;
  private final Flow toServer;
  private final Flow toClient;
  private @Nullable Side halfOpen;
  private volatile String opening = "";
  private volatile boolean open = true;

  Tunnel(long id, ChaosProxy proxy, SocketChannel accepted, EventLoop loop, Time time)
      throws IOException {
    this.id = id;
    this.proxy = proxy;
    var connecting = SocketChannel.open();
    try {
      client = new End(accepted, SelectionKey.OP_READ, loop, this::clientReady);
      server = new End(connecting, 0, loop, this::serverReady);
    } catch (IOException | RuntimeException failure) {
      connecting.close();
      throw failure;
    }
    toServer = new Flow(this, client, server, loop, time);
    toClient = new Flow(this, server, client, loop, time);
  }

  /** Lets the faults of the beginning happen, and connects to the server if they allow it. */
  void begin(InetSocketAddress target) {
    suffer(proxy.faultsOf(this));
    if (!open || halfOpen != null) {
      return;
    }
    try {
      if (server.connect(target)) {
        connected();
      }
    } catch (IOException unreachable) {
      reset();
    }
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public String opening() {
    return opening;
  }

  @Override
  public long passed(Direction direction) {
    return (direction.includes(Direction.TO_SERVER) ? toServer.passed() : 0)
        + (direction.includes(Direction.TO_CLIENT) ? toClient.passed() : 0);
  }

  @Override
  public long held(Direction direction) {
    return (direction.includes(Direction.TO_SERVER) ? toServer.held() : 0)
        + (direction.includes(Direction.TO_CLIENT) ? toClient.held() : 0);
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public Injection inject(Fault fault) {
    return proxy.inject(connection -> connection == this, fault);
  }

  @Override
  public String toString() {
    return "ChaosConnection{id: " + id + ", open: " + open + "}";
  }

  Flow opposite(Flow flow) {
    return flow == toServer ? toClient : toServer;
  }

  /** Lets all the faults happen that hold for this connection now, and no other. */
  void suffer(List<Fault> faults) {
    if (!open) {
      return;
    }
    if (faults.stream().anyMatch(Fault.Reset.class::isInstance)) {
      reset();
      return;
    }
    sufferHalfOpen(faults);
    for (var flow : List.of(Direction.TO_SERVER, Direction.TO_CLIENT)) {
      if (open && halfOpen == null) {
        suffer(flow, faults);
      }
    }
  }

  private void sufferHalfOpen(List<Fault> faults) {
    var wanted = faults.stream()
        .filter(Fault.HalfOpen.class::isInstance)
        .map(fault -> ((Fault.HalfOpen) fault).open())
        .findFirst();
    if (halfOpen != null && wanted.isEmpty()) {
      reset();
    } else if (halfOpen == null && wanted.isPresent()) {
      halfOpen = wanted.get();
      toServer.discard();
      toClient.discard();
      (halfOpen == Side.CLIENT ? server : client).reset();
    }
  }

  private void suffer(Direction direction, List<Fault> faults) {
    long delay = 0;
    long rate = 0;
    boolean blackHole = false;
    boolean finish = false;
    for (var fault : faults) {
      if (fault instanceof Fault.Delay one && one.direction().includes(direction)) {
        delay += Durations.nanos(one.delay());
      } else if (fault instanceof Fault.Slow one && one.direction().includes(direction)) {
        rate = rate == 0 ? one.bytesPerSecond() : Math.min(rate, one.bytesPerSecond());
      } else if (fault instanceof Fault.BlackHole one) {
        blackHole |= one.direction().includes(direction);
      } else if (fault instanceof Fault.Finish one) {
        finish |= one.direction().includes(direction);
      }
    }
    var flow = direction == Direction.TO_SERVER ? toServer : toClient;
    if (finish) {
      flow.finish();
    }
    flow.suffer(delay, blackHole, rate);
  }

  /** Hears of bytes before they go on: they may tell which faults hold for them. */
  void arrived(Flow flow, ByteBuffer bytes) {
    if (flow == toServer && opening.length() < MAX_OPENING) {
      var more = new byte[Math.min(bytes.remaining(), MAX_OPENING - opening.length())];
      bytes.get(bytes.position(), more);
      opening = opening.concat(new String(more, ISO_8859_1));
      suffer(proxy.faultsOf(this));
    }
  }

  /** Ends both sides with a reset. */
  void reset() {
    client.reset();
    server.reset();
    closed();
  }

  void closeIfOver() {
    if (open && toServer.isOver() && toClient.isOver()) {
      client.close();
      server.close();
      closed();
    }
  }

  private void closed() {
    if (open) {
      open = false;
      toServer.stopTimer();
      toClient.stopTimer();
      proxy.closed(this);
    }
  }

  private void clientReady(SelectionKey key) {
    if (key.isWritable()) {
      toClient.deliver();
    }
    if (key.isValid() && key.isReadable()) {
      toServer.read();
    }
  }

  private void serverReady(SelectionKey key) {
    if (key.isConnectable()) {
      connected();
    } else if (key.isWritable()) {
      toServer.deliver();
    }
    if (key.isValid() && key.isReadable()) {
      toClient.read();
    }
  }

  private void connected() {
    try {
      server.finishConnect();
    } catch (IOException refused) {
      reset();
      return;
    }
    toServer.connected();
    toClient.deliver();
  }
}
