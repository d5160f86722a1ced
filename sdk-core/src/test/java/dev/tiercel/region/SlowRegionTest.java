package dev.tiercel.region;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.health.RegionState;
import dev.tiercel.region.RegionHealth.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A region that answers, but not as fast as it used to. */
class SlowRegionTest {

  private static final Duration MILLI = Duration.ofMillis(1);
  private static final Duration SLOW = Duration.ofMillis(40);

  private final OneRegion region = new OneRegion(RegionPolicy.defaults(), new Fraction(0));
  private final StagedHealth other = new StagedHealth();

  @Test
  void typicalTime_isTheMedianOfLate() {
    region.warmUp();

    assertThat(region.health.typicalNanos()).isBetween(1_800_000L, 2_200_000L);
  }

  @Test
  void twentyTimesSlower_isDegradedWithinASecond_andKnownToBeSlow() {
    region.warmUp();
    other.typicalNanos = Duration.ofMillis(30).toNanos();
    assertThat(region.health.isSlowerThan(other)).isFalse();

    var calls = 0;
    for (; region.state() == RegionState.HEALTHY && calls < 10_000; calls++) {
      answers(1, SLOW);
    }

    assertThat(calls).isLessThan(1_000);
    assertThat(region.told).containsExactly("HEALTHY DEGRADED");
    assertThat(region.health.share(region.time.nanos())).isOne();
    assertThat(region.health.isSlowerThan(other)).isTrue();
  }

  @Test
  void otherWhoseTimeIsNotKnown_isNotFaster() {
    degrade();

    assertThat(region.health.isSlowerThan(other)).isFalse();
  }

  @Test
  void oneCallASecond_twentyTimesSlower_isDegraded() {
    region.calls(100, Duration.ofSeconds(1), Verdict.ANSWERED, OneRegion.FAST);
    region.calls(24, Duration.ofSeconds(1), Verdict.ANSWERED, SLOW);

    assertThat(region.state()).isEqualTo(RegionState.DEGRADED);
  }

  @Test
  void hiccup_isNotDegraded() {
    region.warmUp();
    for (var round = 0; round < 10; round++) {
      answers(150, SLOW);
      answers(1_000, OneRegion.FAST);
    }

    assertThat(region.told).isEmpty();
  }

  @Test
  void fourTimesSlower_isNotDegraded() {
    region.warmUp();
    answers(5_000, Duration.ofMillis(8));

    assertThat(region.told).isEmpty();
  }

  @Test
  void microseconds_areNeverSlow() {
    for (var call = 0; call < 1_000; call++) {
      region.calls(1, MILLI, Verdict.ANSWERED, Duration.ofNanos(50_000));
    }
    for (var call = 0; call < 5_000; call++) {
      region.calls(1, MILLI, Verdict.ANSWERED, Duration.ofMillis(1));
    }

    assertThat(region.told).isEmpty();
  }

  @Test
  void slowForAnHour_isNotLearned() {
    degrade();
    region.calls(36_000, Duration.ofMillis(100), Verdict.ANSWERED, SLOW);

    assertThat(region.told).containsExactly("HEALTHY DEGRADED");
  }

  @Test
  void slowerByAndByOverHours_isLearned() {
    region.warmUp();
    for (var millis = 2; millis <= 40; millis++) {
      region.calls(4_000, Duration.ofMillis(100), Verdict.ANSWERED, Duration.ofMillis(millis));
    }

    assertThat(region.told).isEmpty();
  }

  @Test
  void slowerByAndByWithinAMinute_isDegraded() {
    region.warmUp();
    for (var millis = 2; millis <= 40; millis++) {
      answers(1_500, Duration.ofMillis(millis));
    }

    assertThat(region.state()).isEqualTo(RegionState.DEGRADED);
  }

  @Test
  void batchesAfterSingleKeys_areNoSlowRegion() {
    region.warmUp();
    for (var call = 0; call < 5_000; call++) {
      region.call(Verdict.ANSWERED, 500, SLOW);
      region.time.advance(MILLI);
    }

    assertThat(region.told).isEmpty();
    assertThat(region.health.typicalNanos()).isLessThan(Duration.ofMillis(3).toNanos());
  }

  @Test
  void fastAgain_isComeBackToAfterItsHealthyTime_byWayOfItsRamp() {
    degrade();
    var fast = region.time.nanos();
    answersWhile(RegionState.DEGRADED, OneRegion.FAST);

    assertThat(region.time.nanos() - fast)
        .isBetween(Duration.ofSeconds(10).toNanos(), Duration.ofMillis(10_700).toNanos());
    assertThat(region.state()).isEqualTo(RegionState.RAMPING);
    answersWhile(RegionState.RAMPING, OneRegion.FAST);
    assertThat(region.state()).isEqualTo(RegionState.HEALTHY);
  }

  @Test
  void nearlyAsSlowStill_isNotComeBackTo() {
    degrade();
    answers(60_000, Duration.ofMillis(8));

    assertThat(region.told).containsExactly("HEALTHY DEGRADED");
  }

  @Test
  void slowNowAndThen_isNotComeBackTo() {
    degrade();
    for (var round = 0; round < 5; round++) {
      answers(8_000, OneRegion.FAST);
      answers(500, SLOW);
    }

    assertThat(region.told).containsExactly("HEALTHY DEGRADED");
  }

  @Test
  void slowAgainEachTimeItIsUsed_isComeBackToLaterAndLater() {
    var last = 0L;
    region.warmUp();
    for (var round = 0; round < 6; round++) {
      answersUntil(RegionState.DEGRADED, SLOW);
      var fast = region.time.nanos();
      answersUntil(RegionState.RAMPING, OneRegion.FAST);
      last = region.time.nanos() - fast;
    }

    assertThat(last).isGreaterThan(Duration.ofSeconds(30).toNanos());
  }

  @Test
  void twentyHedgesLostInARow_isDegradedAndSlowerThanAny() {
    region.warmUp();
    lose(19);
    assertThat(region.state()).isEqualTo(RegionState.HEALTHY);
    lose(1);

    assertThat(region.state()).isEqualTo(RegionState.DEGRADED);
    assertThat(region.health.isSlowerThan(other)).isTrue();
  }

  @Test
  void hedgesLost_anAnswerAmongThem_startsTheRowAnew() {
    region.warmUp();
    for (var round = 0; round < 100; round++) {
      lose(19);
      answers(3, OneRegion.FAST);
    }

    assertThat(region.told).isEmpty();
  }

  @Test
  void hedgesLostStill_isNotComeBackTo() {
    region.warmUp();
    lose(20);
    for (var round = 0; round < 100; round++) {
      answers(1_000, OneRegion.FAST);
      lose(1);
    }

    assertThat(region.told).containsExactly("HEALTHY DEGRADED");
  }

  @Test
  void degraded_fails_isDownForItsFirstHoldDown() {
    degrade();
    region.bringDown();
    region.time.advance(Duration.ofMillis(510));

    assertThat(region.state()).isEqualTo(RegionState.PROBING);
  }

  private void degrade() {
    region.warmUp();
    answersUntil(RegionState.DEGRADED, SLOW);
    assertThat(region.state()).isEqualTo(RegionState.DEGRADED);
    region.time.advance(SLOW);
  }

  private void answers(int count, Duration took) {
    region.calls(count, MILLI, Verdict.ANSWERED, took);
  }

  private void answersUntil(RegionState wanted, Duration took) {
    for (var call = 0; call < 200_000 && region.state() != wanted; call++) {
      answers(1, took);
    }
  }

  private void answersWhile(RegionState state, Duration took) {
    for (var call = 0; call < 200_000 && region.state() == state; call++) {
      answers(1, took);
    }
  }

  private void lose(int reads) {
    for (var read = 0; read < reads; read++) {
      region.health.beaten(region.time.nanos());
    }
  }
}
