package dev.tiercel.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.health.Endpoint;
import dev.tiercel.health.EndpointState;
import dev.tiercel.testing.FakeTime;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointHealthTest {

  private final FakeTime time = new FakeTime();
  private final Heard heard = new Heard();
  private final EndpointHealth health = health(BreakerPolicy.defaults(), 1);

  private EndpointHealth health(BreakerPolicy policy, double fraction) {
    return new EndpointHealth(
        Endpoint.primary("manual", ""), policy, heard, new Fraction(fraction), time.nanos());
  }

  @Test
  void nothingKnown_probesAndTakesMore() {
    assertThat(state()).isEqualTo(EndpointState.PROBING);
    assertThat(health.takesMore(time.nanos())).isTrue();
    assertThat(health.admit(time.nanos())).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {60_000_000_000L, 1_000_000_000L, 10_000_000L, 100_000L})
  void everythingFails_isNeverHealthyAndSoonDown(long gapNanos) {
    for (var call = 1; call <= 20_000; call++) {
      var ticket = health.admit(time.nanos());
      if (ticket != EndpointHealth.REFUSED) {
        health.failed(ticket, time.nanos());
      }
      assertThat(state()).isNotEqualTo(EndpointState.HEALTHY);
      assertThat(call < 5 || state() != EndpointState.DEGRADED).isTrue();
      time.advance(Duration.ofNanos(gapNanos));
    }
    assertThat(heard.states).doesNotContain("DEGRADED HEALTHY", "PROBING HEALTHY");
    assertThat(heard.states.get(1)).isEqualTo("DEGRADED DOWN");
  }

  @Test
  void deadAtOneCallASecond_isDownWithinFive() {
    succeed(60, Duration.ofSeconds(1));
    for (var call = 1; call <= 5; call++) {
      assertThat(state()).isNotEqualTo(EndpointState.DOWN);
      health.failed(health.admit(time.nanos()), time.nanos());
      time.advance(Duration.ofMillis(call == 5 ? 0 : 1_000));
    }

    assertThat(state()).isEqualTo(EndpointState.DOWN);
  }

  /** Far fewer than the thousand that some breakers wait for. */
  @Test
  void fourHundredAndFortyEightOfAsManyFail_onlyTheFirstFiveAreSent() {
    var sent = 0;
    for (var call = 0; call < 448; call++) {
      var ticket = health.admit(time.nanos());
      if (ticket != EndpointHealth.REFUSED) {
        sent++;
        health.failed(ticket, time.nanos());
      }
      time.advance(Duration.ofNanos(100_000));
    }

    assertThat(sent).isEqualTo(5);
    assertThat(state()).isEqualTo(EndpointState.DOWN);
  }

  @Test
  void halfFail_neverManyInARow_isDown() {
    for (var call = 0; call < 10; call++) {
      time.advance(Duration.ofMillis(100));
      assertThat(state()).isNotEqualTo(EndpointState.DOWN);
      result(call % 2 == 0);
    }

    assertThat(state()).isEqualTo(EndpointState.DOWN);
  }

  @Test
  void halfFailedLongAgo_doesNotCount() {
    for (var call = 0; call < 4; call++) {
      result(false);
    }
    time.advance(Duration.ofSeconds(10));
    for (var call = 0; call < 6; call++) {
      result(true);
    }
    result(false);

    assertThat(state()).isEqualTo(EndpointState.DEGRADED);
  }

  @Test
  void fewFail_isHealthyAllTheTime() {
    for (var call = 1; call <= 2_000; call++) {
      result(call % 20 != 0);
      assertThat(state()).isEqualTo(EndpointState.HEALTHY);
      assertThat(health.takesMore(time.nanos())).isTrue();
      time.advance(Duration.ofMillis(10));
    }
    assertThat(heard.states).containsExactly("PROBING HEALTHY");
  }

  @Test
  void healthyAndFourFail_aSuccessBetween_startsTheCountAnew() {
    succeed(1_000, Duration.ofMillis(1));
    for (var round = 0; round < 10; round++) {
      IntStream.range(0, 4).forEach(call -> result(false));
      assertThat(state()).isEqualTo(EndpointState.HEALTHY);
      result(true);
    }

    bringDown();

    assertThat(state()).isEqualTo(EndpointState.DOWN);
    assertThat(heard.states).containsExactly("PROBING HEALTHY", "HEALTHY DOWN");
  }

  @Test
  void lastOneFailedAndNothingElseIsCounted_isDegraded() {
    succeed(1_000, Duration.ofMillis(1));
    time.advance(Duration.ofMinutes(1));

    result(false);
    assertThat(state()).isEqualTo(EndpointState.DEGRADED);
    time.advance(Duration.ofMinutes(1));

    assertThat(state()).isEqualTo(EndpointState.DEGRADED);
  }

  @Test
  void callsFromBefore_failAfterItIsBack_areNoNews() {
    var early = IntStream.range(0, 20).map(call -> health.admit(time.nanos())).toArray();
    bringDown();
    comeUp(Duration.ofMillis(100));
    IntStream.of(early).forEach(ticket -> health.failed(ticket, time.nanos()));
    assertThat(state()).isEqualTo(EndpointState.HEALTHY);

    bringDown();

    assertThat(state()).isEqualTo(EndpointState.DOWN);
  }

  @Test
  void oneInFiveFails_isDegraded() {
    for (var call = 0; call < 100; call++) {
      result(call % 5 != 0);
    }

    assertThat(state()).isEqualTo(EndpointState.DEGRADED);
  }

  @Test
  void down_letsProbesThroughAfterTheHoldDown() {
    bringDown();
    assertThat(state()).isEqualTo(EndpointState.DOWN);
    time.advance(Duration.ofMillis(99));
    assertThat(health.admit(time.nanos())).isEqualTo(EndpointHealth.REFUSED);
    time.advance(Duration.ofMillis(1));
    assertThat(state()).isEqualTo(EndpointState.PROBING);

    assertThat(health.admit(time.nanos())).isPositive();
    assertThat(health.admit(time.nanos())).isPositive();
    assertThat(health.admit(time.nanos())).isEqualTo(EndpointHealth.REFUSED);
  }

  @Test
  void twoProbesSucceed_isUpAndWhatFailedBeforeIsForgotten() {
    bringDown();
    time.advance(Duration.ofMillis(100));
    var first = health.admit(time.nanos());
    health.succeeded(first, time.nanos());
    assertThat(state()).isEqualTo(EndpointState.PROBING);
    health.succeeded(health.admit(time.nanos()), time.nanos());

    assertThat(state()).isEqualTo(EndpointState.HEALTHY);
    result(false);
    assertThat(state()).isEqualTo(EndpointState.DEGRADED);
    assertThat(heard.states)
        .containsExactly(
            "PROBING DEGRADED",
            "DEGRADED DOWN",
            "DOWN PROBING",
            "PROBING HEALTHY",
            "HEALTHY DEGRADED");
  }

  @Test
  void probesThatAreGivenUp_giveTheirPlaceBack() {
    bringDown();
    time.advance(Duration.ofMillis(100));

    for (var probe = 0; probe < 10; probe++) {
      var ticket = health.admit(time.nanos());
      assertThat(ticket).isPositive();
      health.ignored(ticket);
    }
  }

  @Test
  void probesFail_holdDownDoublesUpToASecond() {
    bringDown();
    for (var millis : new long[] {100, 200, 400, 800, 1_000, 1_000}) {
      time.advance(Duration.ofMillis(millis - 1));
      assertThat(health.admit(time.nanos())).isEqualTo(EndpointHealth.REFUSED);
      time.advance(Duration.ofMillis(1));
      health.failed(health.admit(time.nanos()), time.nanos());
    }
  }

  @Test
  void holdDown_isLeftToChanceByHalf() {
    var lucky = health(BreakerPolicy.defaults(), 0);
    for (var call = 0; call < 5; call++) {
      lucky.failed(lucky.admit(time.nanos()), time.nanos());
    }
    time.advance(Duration.ofMillis(49));
    assertThat(lucky.admit(time.nanos())).isEqualTo(EndpointHealth.REFUSED);
    time.advance(Duration.ofMillis(1));
    assertThat(lucky.admit(time.nanos())).isPositive();
  }

  @Test
  void downAgainSoon_holdDownGoesOnGrowing_laterItStartsAnew() {
    bringDown();
    comeUp(Duration.ofMillis(100));
    bringDown();
    time.advance(Duration.ofMillis(100));
    assertThat(health.admit(time.nanos())).isEqualTo(EndpointHealth.REFUSED);
    comeUp(Duration.ofMillis(100));
    time.advance(Duration.ofSeconds(11));

    bringDown();

    time.advance(Duration.ofMillis(100));
    assertThat(health.admit(time.nanos())).isPositive();
  }

  @Test
  void callsFromBefore_areNoProbes() {
    var early = health.admit(time.nanos());
    bringDown();
    time.advance(Duration.ofMillis(100));
    var probe = health.admit(time.nanos());
    var slowProbe = health.admit(time.nanos());
    health.failed(early, time.nanos());
    assertThat(state()).isEqualTo(EndpointState.PROBING);
    health.failed(probe, time.nanos());
    assertThat(state()).isEqualTo(EndpointState.DOWN);
    time.advance(Duration.ofMillis(200));
    assertThat(health.admit(time.nanos())).isPositive();

    health.failed(slowProbe, time.nanos());

    assertThat(state()).isEqualTo(EndpointState.PROBING);
  }

  @Test
  void notWellAndNotTriedForASecond_takesOneMore() {
    result(true);
    result(false);
    assertThat(health.takesMore(time.nanos())).isFalse();
    time.advance(Duration.ofSeconds(1));
    assertThat(health.takesMore(time.nanos())).isTrue();

    health.admit(time.nanos());

    assertThat(health.takesMore(time.nanos())).isFalse();
  }

  @Test
  void off_isNeverDown() {
    var off = health(BreakerPolicy.off(), 1);
    for (var call = 0; call < 100; call++) {
      var ticket = off.admit(time.nanos());
      assertThat(ticket).isZero();
      off.failed(ticket, time.nanos());
    }

    assertThat(off.state(time.nanos())).isEqualTo(EndpointState.DEGRADED);
  }

  private void bringDown() {
    for (var call = 0; call < 5; call++) {
      result(false);
    }
  }

  private void comeUp(Duration holdDown) {
    time.advance(holdDown);
    result(true);
    result(true);
    assertThat(state()).isEqualTo(EndpointState.HEALTHY);
  }

  private void succeed(int calls, Duration gap) {
    for (var call = 0; call < calls; call++) {
      result(true);
      time.advance(gap);
    }
  }

  private void result(boolean success) {
    var ticket = health.admit(time.nanos());
    if (success) {
      health.succeeded(ticket, time.nanos());
    } else {
      health.failed(ticket, time.nanos());
    }
  }

  private EndpointState state() {
    return health.state(time.nanos());
  }
}
