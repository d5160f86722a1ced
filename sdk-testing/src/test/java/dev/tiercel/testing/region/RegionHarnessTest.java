package dev.tiercel.testing.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.chaos.ChaosConnection;
import dev.tiercel.testing.chaos.Direction;
import dev.tiercel.testing.engine.Waiting;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@Regions(roundTrip = 2)
class RegionHarnessTest {

  private final RegionHarness harness;
  private final HarnessRegion west;
  private Line fromEast;
  private Line fromWest;

  RegionHarnessTest(RegionHarness harness, @InRegion("west") HarnessRegion west) {
    this.harness = harness;
    this.west = west;
  }

  @BeforeEach
  void connect() throws IOException {
    fromEast = Line.to(west.seenFrom("east"));
    fromWest = Line.to(west.endpoints());
  }

  @AfterEach
  void close() throws IOException {
    fromEast.close();
    fromWest.close();
  }

  @Test
  void noFault_everyWay_leadsToTheSameRegion() throws IOException {
    assertThat(fromEast.ask("SET a 1")).isEqualTo("+OK");
    assertThat(fromWest.ask("GETSET a 2")).isEqualTo("$1");
    assertThat(west.seenFrom("east")).isNotEqualTo(west.endpoints());
    try (var other = Line.to(harness.region("east").endpoints())) {
      assertThat(other.ask("GET a")).isEqualTo("$-1");
    }
  }

  @Test
  void kill_connections_areResetAndRefusedUntilHealed() throws IOException {
    var fault = harness.inject(RegionFault.Kill.of("west"));

    assertThatThrownBy(() -> fromEast.hear()).isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> fromWest.hear()).isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> Line.to(west.seenFrom("east"))).isInstanceOf(ConnectException.class);
    assertThatThrownBy(() -> Line.to("127.0.0.1", west.endpoints().dynamoDbPort()))
        .isInstanceOf(ConnectException.class);
    fault.heal();

    assertThat(fault.isHealed()).isTrue();
    assertAnswers(west.seenFrom("east"));
    assertAnswers(west.endpoints());
  }

  @Test
  void kill_losesCache_healedEmpty() throws IOException {
    assertThat(fromWest.ask("SET lost 1")).isEqualTo("+OK");

    harness.inject(new RegionFault.Kill("west", Part.CACHE, true)).heal();

    try (var line = Line.to(west.endpoints())) {
      assertThat(line.ask("GET lost")).isEqualTo("$-1");
    }
  }

  @Test
  void blackHole_request_answeredOnceHealed() throws IOException {
    var fault = harness.inject(new RegionFault.BlackHole("west", Part.ALL));
    fromEast.say("PING");
    await(() -> held("east", Part.CACHE) > 0);

    assertThat(fromEast.waiting()).isZero();
    assertAnswers(west.direct());
    fault.heal();
    assertThat(fromEast.hear()).isEqualTo("+PONG");
  }

  @Test
  void unreachable_onlyClientsOfThatRegion_hearNothing() throws IOException {
    try (var fault = harness.inject(new RegionFault.Unreachable("east", "west"))) {
      fromEast.say("PING");
      await(() -> held("east", Part.CACHE) > 0);
      assertThat(fromWest.ask("PING")).isEqualTo("+PONG");
      assertThat(fault.isHealed()).isFalse();
    }
    assertThat(fromEast.hear()).isEqualTo("+PONG");
  }

  @Test
  void twoFaultsOfAKind_oneHealed_theOtherHolds() throws IOException {
    var one = harness.inject(new RegionFault.BlackHole("west", Part.CACHE));
    var other = harness.inject(new RegionFault.BlackHole("west", Part.ALL));
    one.heal();
    fromWest.say("PING");
    await(() -> held("west", Part.CACHE) > 0);
    other.heal();

    assertThat(fromWest.hear()).isEqualTo("+PONG");
  }

  @Test
  void trickleAndSlow_requests_areAnsweredAllTheSame() throws IOException {
    harness.inject(new RegionFault.Trickle("west", Part.ALL, 10_000));
    harness.inject(RegionFault.Slow.times("west", Part.ALL, 20, Duration.ofMillis(1)));

    assertThat(fromEast.ask("PING")).isEqualTo("+PONG");
  }

  @Test
  void skew_wallClock_isWrongInThatRegionUntilHealed() {
    var east = harness.region("east").time();
    var fault = harness.inject(new RegionFault.Skew("east", Duration.ofMinutes(-5)));

    assertThat(west.time().millis() - east.millis()).isGreaterThan(240_000);
    fault.heal();
    assertThat(west.time().millis() - east.millis()).isLessThan(60_000);
  }

  @Test
  void stallAndFlap_healed_everythingAnswers() throws IOException {
    harness.inject(RegionFault.Stall.every30Seconds("west", Duration.ofSeconds(20)));
    harness.inject(
        new RegionFault.Flap("west", Part.ALL, Duration.ofSeconds(10), Duration.ofSeconds(10)));
    assertThatThrownBy(() -> fromWest.hear()).isInstanceOf(SocketException.class);
    harness.heal();

    assertAnswers(west.endpoints());
    assertAnswers(west.seenFrom("east"));
  }

  @Test
  void script_played_breaksAndHealsInItsOrder() throws Exception {
    var second = new FaultScript.Step(
        Duration.ofMillis(20), Duration.ofMillis(20), new RegionFault.BlackHole("west", Part.ALL));
    var first = new FaultScript.Step(
        Duration.ZERO, Duration.ofMillis(100), new RegionFault.Partition("east", "west"));
    var played = FaultScript.of(second, first).play(harness);

    assertThat(played).extracting(FaultScript.Played::step).containsExactly(second, first);
    assertThat(played).allMatch(one -> one.endNanos() - one.startNanos() > 0);
    assertThat(fromEast.ask("PING")).isEqualTo("+PONG");
  }

  @Test
  void route_roundTrip_halfOfItEachWay() throws IOException {
    var time = new FakeTime();
    try (var route = new Route(west.redis(), west.dynamoDb(), Duration.ofMillis(40), time);
        var line = Line.to(route.endpoints())) {
      line.say("PING");
      await(() -> held(route, Direction.TO_SERVER) > 0 && time.pendingTimers() > 0);
      time.advance(Duration.ofMillis(20));
      await(() -> held(route, Direction.TO_CLIENT) > 0 && time.pendingTimers() > 0);
      time.advance(Duration.ofMillis(20));
      assertThat(line.hear()).isEqualTo("+PONG");
    }
  }

  @Test
  void region_unknown_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> harness.region("north"));
    assertThatIllegalArgumentException().isThrownBy(() -> west.seenFrom("north"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> harness.inject(new RegionFault.Partition("east", "north")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> harness.inject(new RegionFault.Partition("east", "east")));
  }

  private long held(String client, Part part) {
    return west.route(client).proxies(part).stream()
        .flatMap(proxy -> proxy.connections().stream())
        .mapToLong(connection -> connection.held(Direction.BOTH))
        .sum();
  }

  private static long held(Route route, Direction direction) {
    return route.proxies(Part.CACHE).get(0).connections().stream()
        .mapToLong((ChaosConnection connection) -> connection.held(direction))
        .sum();
  }

  private static void assertAnswers(Endpoints endpoints) throws IOException {
    try (var line = Line.to(endpoints)) {
      assertThat(line.ask("PING")).isEqualTo("+PONG");
    }
  }

  private static void await(BooleanSupplier condition) {
    assertThat(Waiting.until(condition, Duration.ofSeconds(10))).isTrue();
  }
}
