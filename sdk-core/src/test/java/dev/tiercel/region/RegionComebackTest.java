package dev.tiercel.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiercel.health.EndpointState;
import dev.tiercel.health.RegionState;
import dev.tiercel.region.RegionHealth.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a region is left alone, tried, and come back to. */
class RegionComebackTest {

  private static final Duration STEP = Duration.ofMillis(10);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final long MOST_STEP_NANOS = 10_000_000;

  private final OneRegion region = with(1 - 1e-9);

  private static OneRegion with(double chance) {
    return new OneRegion(RegionPolicy.defaults(), new Fraction(chance));
  }

  @Test
  void down_isLeftAloneForItsHoldDown_thenProbed() {
    region.bringDown();
    var down = region.time.nanos();
    while (region.state() == RegionState.DOWN) {
      assertThat(region.takesProbe()).isFalse();
      region.time.advance(STEP);
    }

    assertNanos(region.time.nanos() - down, SECOND);
    assertThat(region.state()).isEqualTo(RegionState.PROBING);
    assertThat(region.health.share(region.time.nanos())).isZero();
    assertThat(region.takesProbe()).isTrue();
    assertThat(region.told).containsExactly("HEALTHY DOWN", "DOWN PROBING");
  }

  @Test
  void holdDown_isShortenedByChanceByHalf() {
    var lucky = with(0);
    lucky.bringDown();
    var down = lucky.time.nanos();
    lucky.probeUntil(RegionState.PROBING, Verdict.FAILED);

    assertNanos(lucky.time.nanos() - down, Duration.ofMillis(500));
  }

  @Test
  void probesFail_holdDownDoublesUpToAMinute() {
    region.bringDown();
    for (var seconds : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
      var down = region.time.nanos();
      region.probeUntil(RegionState.PROBING, Verdict.FAILED);
      assertNanos(region.time.nanos() - down, Duration.ofSeconds(seconds));
      region.probeUntil(RegionState.DOWN, Verdict.FAILED);
    }
  }

  @Test
  void endpointsStillDown_isLeftAloneForLonger() {
    region.bringDown();
    region.source.state = EndpointState.DOWN;
    for (var step = 0; step < 1_000; step++) {
      assertThat(region.state()).isEqualTo(RegionState.DOWN);
      region.time.advance(STEP);
    }
    region.source.state = EndpointState.PROBING;
    region.time.advance(STEP);

    assertThat(region.state()).isEqualTo(RegionState.PROBING);
  }

  @Test
  void endpointsDownWhileProbed_isDownAgain() {
    region.bringDown();
    region.probeUntil(RegionState.PROBING, Verdict.FAILED);
    region.source.state = EndpointState.DOWN;
    region.time.advance(STEP);

    assertThat(region.state()).isEqualTo(RegionState.DOWN);
  }

  @ParameterizedTest
  @CsvSource({"0, 10", "0.999999999, 15"})
  void answers_forItsHealthyTimeAndChance_ramps(double chance, int seconds) {
    var own = with(chance);
    own.bringDown();
    own.probeUntil(RegionState.PROBING, Verdict.ANSWERED);
    var began = own.time.nanos();
    own.probeUntil(RegionState.RAMPING, Verdict.ANSWERED);

    // Only an answer says that it is still well: they come each 250 ms.
    assertThat(own.time.nanos() - began - Duration.ofSeconds(seconds).toNanos())
        .isBetween(0L, Duration.ofMillis(270).toNanos());
  }

  /** Not from when it was left: it was down for an hour. */
  @Test
  void healthyTime_isCountedFromTheFirstAnswer() {
    region.bringDown();
    region.time.advance(Duration.ofHours(1));
    assertThat(region.state()).isEqualTo(RegionState.PROBING);
    region.time.advance(Duration.ofHours(1));
    var firstAnswer = region.time.nanos();
    region.probeUntil(RegionState.RAMPING, Verdict.ANSWERED);

    assertThat(region.time.nanos() - firstAnswer)
        .isGreaterThanOrEqualTo(Duration.ofSeconds(10).toNanos());
  }

  @Test
  void aFailureAfterManyAnswers_startsItAgain() {
    region.bringDown();
    region.probeUntil(RegionState.PROBING, Verdict.ANSWERED);
    probeFor(Duration.ofSeconds(9));
    region.probeUntil(RegionState.DOWN, Verdict.FAILED);
    region.probeUntil(RegionState.PROBING, Verdict.ANSWERED);

    probeFor(Duration.ofSeconds(9));

    assertThat(region.state()).isEqualTo(RegionState.PROBING);
  }

  @Test
  void callsFromBefore_areNoNews() {
    region.call(Verdict.FAILED, 1, Duration.ofSeconds(3));
    region.call(Verdict.ANSWERED, 1, Duration.ofSeconds(4));
    region.bringDown();
    region.probeUntil(RegionState.PROBING, Verdict.ANSWERED);
    region.time.advance(Duration.ofSeconds(60));
    assertThat(region.state()).isEqualTo(RegionState.PROBING);
    region.call(Verdict.ANSWERED, 1, OneRegion.FAST);
    region.time.advance(OneRegion.FAST);

    assertThat(region.told).containsExactly("HEALTHY DOWN", "DOWN PROBING");
  }

  @Test
  void answersWhileDown_areNoRecovery() {
    region.bringDown();
    region.calls(50, STEP, Verdict.ANSWERED, OneRegion.FAST);
    region.probeUntil(RegionState.PROBING, Verdict.ANSWERED);

    probeFor(Duration.ofSeconds(14));

    assertThat(region.state()).isEqualTo(RegionState.PROBING);
  }

  @Test
  void probes_areOneAtATime_oneThatNeverEndsHoldsTheNextUpForAWhile() {
    region.bringDown();
    region.probeUntil(RegionState.PROBING, Verdict.FAILED);
    assertThat(region.takesProbe()).isTrue();
    assertThat(region.takesProbe()).isFalse();
    region.health.began(region.time.nanos());
    for (var interval = 1; interval < 8; interval++) {
      region.time.advance(Duration.ofMillis(250));
      assertThat(region.takesProbe()).isFalse();
    }
    region.time.advance(Duration.ofMillis(250));

    assertThat(region.takesProbe()).isTrue();
  }

  @Test
  void unusedRegion_isProbed_moreRarelyOnceItIsKnown() {
    assertThat(probesIn(Duration.ofSeconds(10))).isBetween(15, 40);
    assertThat(region.health.typicalNanos()).isPositive();

    assertThat(probesIn(Duration.ofSeconds(10))).isBetween(9, 11);
  }

  @Test
  void usedRegion_isNotProbed() {
    var probes = 0;
    for (var call = 0; call < 1_000; call++) {
      region.calls(1, Duration.ofMillis(100), Verdict.ANSWERED, OneRegion.FAST);
      probes += region.takesProbe() ? 1 : 0;
    }

    assertThat(probes).isZero();
  }

  @Test
  void ramp_growsFromAHundredthToAllInItsTime_thenHealthy() {
    comeBack();
    var began = region.time.nanos();
    var before = region.health.share(began);
    assertThat(before).isCloseTo(0.01, within(0.001));
    while (region.state() == RegionState.RAMPING) {
      region.time.advance(STEP);
      var share = region.health.share(region.time.nanos());
      assertThat(share).isGreaterThan(before).isLessThan(before * 1.02);
      before = share;
    }

    assertThat(before).isOne();
    assertNanos(region.time.nanos() - began, Duration.ofSeconds(10));
    assertThat(region.state()).isEqualTo(RegionState.HEALTHY);
  }

  @Test
  void ramp_fails_isDownForTwiceAsLong() {
    comeBack();
    region.bringDown();
    var down = region.time.nanos();
    region.probeUntil(RegionState.PROBING, Verdict.ANSWERED);

    assertNanos(region.time.nanos() - down, Duration.ofSeconds(2));
  }

  @Test
  void downAgainSoon_holdDownGoesOnGrowing_afterLongHealthItStartsAnew() {
    comeBackFully();
    region.time.advance(Duration.ofSeconds(110));
    region.bringDown();
    region.time.advance(Duration.ofMillis(1_900));
    assertThat(region.state()).isEqualTo(RegionState.DOWN);
    region.probeUntil(RegionState.HEALTHY, Verdict.ANSWERED);
    region.time.advance(Duration.ofSeconds(121));
    region.bringDown();
    region.time.advance(Duration.ofSeconds(1));

    assertThat(region.state()).isEqualTo(RegionState.PROBING);
  }

  @Test
  void flappingWhileRamping_isLeftForLongerEachTime() {
    region.bringDown();
    var last = Duration.ZERO;
    for (var round = 0; round < 6; round++) {
      var down = region.time.nanos();
      region.probeUntil(RegionState.PROBING, Verdict.ANSWERED);
      var held = Duration.ofNanos(region.time.nanos() - down);
      assertThat(held).isGreaterThan(last);
      last = held;
      region.probeUntil(RegionState.RAMPING, Verdict.ANSWERED);
      region.bringDown();
    }
  }

  @Test
  void drained_getsNothing_untilItIsPutBackByWayOfItsRamp() {
    region.health.drain();
    assertThat(region.state()).isEqualTo(RegionState.DRAINED);
    assertThat(region.health.share(region.time.nanos())).isZero();
    region.calls(100, SECOND, Verdict.ANSWERED, OneRegion.FAST);
    assertThat(region.takesProbe()).isFalse();
    region.health.undrain();
    assertThat(region.state()).isEqualTo(RegionState.RAMPING);
    region.time.advance(Duration.ofSeconds(10));

    assertThat(region.state()).isEqualTo(RegionState.HEALTHY);
    assertThat(region.told)
        .containsExactly("HEALTHY DRAINED", "DRAINED RAMPING", "RAMPING HEALTHY");
  }

  @Test
  void undrain_ofWhatIsNotDrained_changesNothing() {
    region.bringDown();
    region.health.undrain();

    assertThat(region.state()).isEqualTo(RegionState.DOWN);
  }

  private void comeBack() {
    region.bringDown();
    region.probeUntil(RegionState.RAMPING, Verdict.ANSWERED);
    assertThat(region.state()).isEqualTo(RegionState.RAMPING);
  }

  private void comeBackFully() {
    region.bringDown();
    region.probeUntil(RegionState.HEALTHY, Verdict.ANSWERED);
    assertThat(region.state()).isEqualTo(RegionState.HEALTHY);
  }

  private int probesIn(Duration duration) {
    var probes = 0;
    for (var step = 0; step < duration.dividedBy(STEP); step++) {
      if (region.takesProbe()) {
        probes++;
        region.call(Verdict.ANSWERED, 1, OneRegion.FAST);
      }
      region.time.advance(STEP);
    }
    return probes;
  }

  private void probeFor(Duration duration) {
    var unused = probesIn(duration);
  }

  private static void assertNanos(long nanos, Duration expected) {
    assertThat(nanos - expected.toNanos()).isBetween(-MOST_STEP_NANOS, 2 * MOST_STEP_NANOS);
  }
}
