package dev.tiercel.testing.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.engine.Waiting;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChaosProxyTest {

  private final FakeTime time = new FakeTime();
  private final ArrayList<Wire> wires = new ArrayList<>();
  private EchoServer server;
  private ChaosProxy proxy;
  private Wire client;
  private Wire peer;

  @BeforeEach
  void connect() throws Exception {
    server = new EchoServer();
    proxy = ChaosProxy.before("127.0.0.1", server.port(), time);
    client = open();
    peer = accepted();
  }

  @AfterEach
  void close() throws Exception {
    proxy.close();
    server.close();
    for (var wire : wires) {
      wire.close();
    }
  }

  @Test
  void noFault_bytesAndEnds_passBothWays() throws Exception {
    client.send("ping");
    assertThat(peer.receive(4)).isEqualTo("ping");
    peer.send("pong");
    assertThat(client.receive(4)).isEqualTo("pong");

    client.finish();
    assertThat(peer.next()).isEqualTo(-1);
    peer.send("rest");
    assertThat(client.receive(4)).isEqualTo("rest");
    peer.finish();
    assertThat(client.next()).isEqualTo(-1);
    await(() -> proxy.connections().isEmpty());
  }

  @Test
  void noFault_megabytes_arriveWhole() throws Exception {
    try (var other = open()) {
      server.echoNext();
      var text = "0123456789abcdef".repeat(1 << 14);
      var sender = new Thread(() -> {
        for (int round = 0; round < 40; round++) {
          send(other, text);
        }
      });
      sender.start();
      for (int round = 0; round < 40; round++) {
        assertThat(other.receive(text.length())).isEqualTo(text);
      }
      sender.join();
    }
  }

  @Test
  void noFault_resetByOneSide_reachesTheOther() throws Exception {
    client.send("x");
    assertThat(peer.receive(1)).isEqualTo("x");
    client.reset();
    assertThatThrownBy(peer::next).isInstanceOf(SocketException.class);
    await(() -> proxy.connections().isEmpty());
  }

  @Test
  void connect_nobodyListens_resetsTheClient() throws Exception {
    // Bound and not listening, so that nobody else does meanwhile.
    try (var port = new Socket()) {
      port.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (var own = ChaosProxy.before("127.0.0.1", port.getLocalPort())) {
        var late = Wire.to(own);
        wires.add(late);
        assertThatThrownBy(late::next).isInstanceOf(SocketException.class);
      }
    }
  }

  @Test
  void delay_toServer_bytesAndEndArriveThatMuchLaterInOrder() throws Exception {
    delays(Direction.TO_SERVER);
  }

  @Test
  void delay_toClient_bytesAndEndArriveThatMuchLaterInOrder() throws Exception {
    delays(Direction.TO_CLIENT);
  }

  private void delays(Direction direction) throws Exception {
    proxy.inject(new Fault.Delay(direction, Duration.ofMillis(100)));

    from(direction).send("first");
    awaitHeld(direction, 5);
    awaitTimer();
    time.advance(Duration.ofMillis(60));
    from(direction).send("second");
    from(direction).finish();
    awaitHeld(direction, 11);
    assertThat(to(direction).waiting()).isZero();

    time.advance(Duration.ofMillis(40));
    assertThat(to(direction).receive(5)).isEqualTo("first");
    assertThat(to(direction).waiting()).isZero();
    awaitHeld(direction, 6);
    awaitTimer();
    time.advance(Duration.ofMillis(60));
    assertThat(to(direction).receive(6)).isEqualTo("second");
    passesTheOtherWay(direction);
  }

  @Test
  void delay_two_addUpAndHealApart() throws Exception {
    var one = proxy.inject(new Fault.Delay(Direction.TO_SERVER, Duration.ofMillis(100)));
    proxy.inject(new Fault.Delay(Direction.BOTH, Duration.ofMillis(50)));
    client.send("x");
    awaitHeld(Direction.TO_SERVER, 1);
    awaitTimer();
    time.advance(Duration.ofMillis(100));
    assertThat(theConnection().held(Direction.TO_SERVER)).isEqualTo(1);

    one.heal();

    assertThat(peer.receive(1)).isEqualTo("x");
  }

  @Test
  void blackHole_toServer_bytesAndEndArriveOnceHealed() throws Exception {
    holdsUntilHealed(Direction.TO_SERVER);
  }

  @Test
  void blackHole_toClient_bytesAndEndArriveOnceHealed() throws Exception {
    holdsUntilHealed(Direction.TO_CLIENT);
  }

  private void holdsUntilHealed(Direction direction) throws Exception {
    var fault = proxy.inject(new Fault.BlackHole(direction));

    from(direction).send("lost?");
    from(direction).finish();
    awaitHeld(direction, 5);
    passesTheOtherWay(direction);
    assertThat(to(direction).waiting()).isZero();

    fault.heal();
    assertThat(to(direction).receive(5)).isEqualTo("lost?");
    assertThat(to(direction).next()).isEqualTo(-1);
  }

  @Test
  void blackHole_aNewConnection_isAcceptedAndHeld() throws Exception {
    var fault = proxy.inject(new Fault.BlackHole(Direction.BOTH));
    var late = open();
    late.send("x");
    await(() -> proxy.connections().size() == 2
        && proxy.connections().get(1).held(Direction.TO_SERVER) == 1);
    fault.heal();
    assertThat(accepted().receive(1)).isEqualTo("x");
  }

  @Test
  void blackHole_resetMeanwhile_isHeardOnceHealed() throws Exception {
    client.send("x");
    assertThat(peer.receive(1)).isEqualTo("x");
    var fault = proxy.inject(new Fault.BlackHole(Direction.TO_SERVER));
    client.reset();
    peer.send("nobody is there");
    await(() -> theConnection().held(Direction.TO_CLIENT) == 0);
    assertThat(peer.waiting()).isZero();
    assertThat(proxy.connections()).hasSize(1);

    fault.heal();

    assertThatThrownBy(peer::next).isInstanceOf(SocketException.class);
  }

  @Test
  void slow_toServer_bytesArriveNoFasterThanTheRate() throws Exception {
    slowsDown(Direction.TO_SERVER);
  }

  @Test
  void slow_toClient_bytesArriveNoFasterThanTheRate() throws Exception {
    slowsDown(Direction.TO_CLIENT);
  }

  private void slowsDown(Direction direction) throws Exception {
    proxy.inject(new Fault.Slow(direction, 100));
    from(direction).send("x".repeat(250));
    passesTheOtherWay(direction);

    var received = 0;
    for (int elapsed = 10; elapsed <= 2_500; elapsed += 10) {
      time.advance(Duration.ofMillis(10));
      received += to(direction).waiting() > 0 ? to(direction).receive(1).length() : 0;
      assertThat(theConnection().passed(direction)).isLessThanOrEqualTo(elapsed / 10);
    }
    proxy.heal();
    assertThat(to(direction).receive(250 - received)).hasSize(250 - received);
  }

  @Test
  void slow_aSecondLater_aSecondsWorthHasArrived() throws Exception {
    proxy.inject(new Fault.Slow(Direction.TO_SERVER, 1_000));
    client.send("x".repeat(5_000));
    time.advance(Duration.ofMillis(900));
    // Whatever was read so far, the rest of the second's worth follows with the next looks.
    await(() -> {
      time.advance(Duration.ofMillis(1));
      return theConnection().passed(Direction.TO_SERVER) >= 900;
    });
    assertThat(peer.receive(900)).hasSize(900);
    assertThat(theConnection().passed(Direction.TO_SERVER)).isLessThan(5_000);
  }

  @Test
  void reset_both_areToldAndSoIsTheNextConnection() throws Exception {
    var fault = proxy.inject(new Fault.Reset());
    assertThatThrownBy(client::next).isInstanceOf(SocketException.class);
    assertThatThrownBy(peer::next).isInstanceOf(SocketException.class);
    assertThat(proxy.connections()).isEmpty();
    assertThatThrownBy(() -> open().next()).isInstanceOf(SocketException.class);

    fault.heal();
    passesOnANewConnection();
  }

  @Test
  void finish_toServer_oneStreamEndsInGoodOrderAndTheOtherGoesOn() throws Exception {
    finishesOneStream(Direction.TO_SERVER);
  }

  @Test
  void finish_toClient_oneStreamEndsInGoodOrderAndTheOtherGoesOn() throws Exception {
    finishesOneStream(Direction.TO_CLIENT);
  }

  private void finishesOneStream(Direction direction) throws Exception {
    proxy.inject(new Fault.Finish(direction)).heal();

    assertThat(to(direction).next()).isEqualTo(-1);
    from(direction).send("thrown away");
    passesTheOtherWay(direction);
    to(direction).finish();
    assertThat(from(direction).next()).isEqualTo(-1);
    from(direction).close();
    await(() -> proxy.connections().isEmpty());
  }

  @Test
  void finish_both_aNewConnectionToo() throws Exception {
    proxy.inject(new Fault.Finish(Direction.BOTH));
    var late = open();
    var latePeer = accepted();
    for (var wire : new Wire[] {client, peer, late, latePeer}) {
      assertThat(wire.next()).isEqualTo(-1);
      wire.close();
    }
    await(() -> proxy.connections().isEmpty());
  }

  @Test
  void halfOpen_client_seesItOpenUntilHealed() throws Exception {
    leavesHalfOpen(Side.CLIENT);
  }

  @Test
  void halfOpen_server_seesItOpenUntilHealed() throws Exception {
    leavesHalfOpen(Side.SERVER);
  }

  private void leavesHalfOpen(Side open) throws Exception {
    var fault = proxy.inject(new Fault.HalfOpen(open));
    var alive = open == Side.CLIENT ? client : peer;
    var gone = open == Side.CLIENT ? peer : client;

    assertThatThrownBy(gone::next).isInstanceOf(SocketException.class);
    alive.send("into the void");
    assertThat(alive.waiting()).isZero();
    assertThat(theConnection().isOpen()).isTrue();

    fault.heal();
    assertThatThrownBy(alive::next).isInstanceOf(SocketException.class);
    await(() -> proxy.connections().isEmpty());
  }

  @Test
  void refuse_newConnections_areRefusedAndOpenOnesGoOn() throws Exception {
    int port = proxy.port();
    try (var one = proxy.refuse()) {
      try (var other = proxy.refuse()) {
        assertThatThrownBy(this::open).isInstanceOf(ConnectException.class);
        passesTheOtherWay(Direction.TO_CLIENT);
      }
      assertThatThrownBy(this::open).isInstanceOf(ConnectException.class);
    }
    assertThat(proxy.port()).isEqualTo(port);
    passesOnANewConnection();
  }

  @Test
  void inject_predicateOnOpening_picksThatConnectionBeforeItsBytesGoOn() throws Exception {
    proxy.inject(
        connection -> connection.opening().contains("TRACKING"),
        new Fault.BlackHole(Direction.TO_SERVER));
    var feed = open();
    var feedPeer = accepted();
    feed.send("CLIENT TRA");
    assertThat(feedPeer.receive(10)).isEqualTo("CLIENT TRA");
    feed.send("CKING ON");
    await(() -> proxy.connections().get(1).held(Direction.TO_SERVER) == 8);
    assertThat(proxy.connections().get(1).opening()).isEqualTo("CLIENT TRACKING ON");

    client.send("GET a");
    assertThat(peer.receive(5)).isEqualTo("GET a");
    proxy.heal();
    assertThat(feedPeer.receive(8)).isEqualTo("CKING ON");
  }

  @Test
  void inject_predicateThatThrows_picksNothing() throws Exception {
    proxy.inject(
        connection -> {
          throw new IllegalStateException();
        },
        new Fault.Reset());
    passesTheOtherWay(Direction.TO_CLIENT);
  }

  @Test
  void inject_oneConnection_sparesTheOthers() throws Exception {
    var other = open();
    var otherPeer = accepted();
    proxy.connections().get(0).inject(new Fault.Reset());
    assertThatThrownBy(client::next).isInstanceOf(SocketException.class);
    other.send("x");
    assertThat(otherPeer.receive(1)).isEqualTo("x");
  }

  @Test
  void opening_long_isCut() throws Exception {
    client.send("y".repeat(5_000));
    assertThat(peer.receive(5_000)).hasSize(5_000);
    assertThat(theConnection().opening()).isEqualTo("y".repeat(4_096));
    assertThat(theConnection().passed(Direction.BOTH)).isEqualTo(5_000);
  }

  @Test
  void close_connections_endAndNoThreadIsLeft() throws Exception {
    var own = ChaosProxy.before("127.0.0.1", server.port());
    var name = "chaos-proxy-" + own.port();
    own.inject(new Fault.Delay(Direction.BOTH, Duration.ofMillis(1)));
    var wire = Wire.to(own);
    wires.add(wire);
    wire.send("x");
    assertThat(accepted().receive(1)).isEqualTo("x");
    assertThat(threads()).contains(name, "chaos-proxy-timer");

    own.close();
    own.close();

    assertThat(threads()).doesNotContain(name);
    await(() -> !threads().contains("chaos-proxy-timer"));
    assertThat(wire.next()).isEqualTo(-1);
    assertThatThrownBy(() -> Wire.to(own)).isInstanceOf(ConnectException.class);
    assertThatThrownBy(() -> own.inject(new Fault.Reset()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    own.heal();
  }

  @Test
  void fault_outOfBounds_isRefused() {
    assertThatThrownBy(() -> new Fault.Slow(Direction.BOTH, 0))
        .hasMessage("bytesPerSecond: 0 (expected: 1 to 2147483648)");
    assertThatThrownBy(() -> new Fault.Delay(Direction.BOTH, Duration.ofMillis(-1)))
        .hasMessage("delay: PT-0.001S (expected: zero or more)");
  }

  private Wire open() throws Exception {
    var wire = Wire.to(proxy);
    wires.add(wire);
    return wire;
  }

  private Wire accepted() throws Exception {
    var wire = server.next();
    wires.add(wire);
    return wire;
  }

  private Wire from(Direction direction) {
    return direction == Direction.TO_SERVER ? client : peer;
  }

  private Wire to(Direction direction) {
    return direction == Direction.TO_SERVER ? peer : client;
  }

  private ChaosConnection theConnection() {
    return proxy.connections().get(0);
  }

  private void passesTheOtherWay(Direction direction) throws Exception {
    to(direction).send("other");
    assertThat(from(direction).receive(5)).isEqualTo("other");
  }

  private void passesOnANewConnection() throws Exception {
    var wire = open();
    wire.send("again");
    assertThat(accepted().receive(5)).isEqualTo("again");
  }

  private void awaitHeld(Direction direction, long bytes) {
    await(() -> theConnection().held(direction) == bytes);
  }

  /** Waits until the proxy has read the time, so that it may be advanced. */
  private void awaitTimer() {
    await(() -> time.pendingTimers() == 1);
  }

  private static void await(BooleanSupplier condition) {
    assertThat(Waiting.until(condition, Duration.ofSeconds(10))).isTrue();
  }

  private static void send(Wire wire, String text) {
    try {
      wire.send(text);
    } catch (java.io.IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .collect(Collectors.toSet());
  }
}
