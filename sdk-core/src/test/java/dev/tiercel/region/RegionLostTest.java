package dev.tiercel.region;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.health.EndpointState;
import dev.tiercel.health.RegionState;
import dev.tiercel.region.RegionHealth.Verdict;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a region counts as lost, and when it does not. */
class RegionLostTest {

  private static final Duration MILLI = Duration.ofMillis(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final OneRegion region = new OneRegion(RegionPolicy.defaults(), new Fraction(0));

  @Test
  void nothingKnown_isHealthy() {
    assertThat(region.state()).isEqualTo(RegionState.HEALTHY);
    assertThat(region.health.share(region.time.nanos())).isOne();
    assertThat(region.health.typicalNanos()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"FAILED, 1", "FAILED, 20", "FAILED, 500", "IGNORED, 20", "IGNORED, 99"})
  void thousandCallsASecond_allFailOrHangOrAreGivenUp_lostWithinASecond(Verdict verdict, int took) {
    region.warmUp();

    var calls = callsUntilLost(MILLI, verdict, Duration.ofMillis(took));

    assertThat(calls).isLessThan(1_000);
    assertThat(region.told).containsExactly("HEALTHY DOWN");
  }

  @Test
  void tenCallsASecond_hang_lostWithinASecond() {
    region.warmUp();

    assertThat(callsUntilLost(Duration.ofMillis(100), Verdict.FAILED, Duration.ofSeconds(5)))
        .isLessThan(10);
  }

  @ParameterizedTest
  @ValueSource(longs = {60_000, 1_000, 100, 50})
  void fewCalls_fiveFailInARow_isLost(long gapMillis) {
    region.calls(100, Duration.ofMillis(gapMillis), Verdict.ANSWERED, OneRegion.FAST);

    region.calls(4, Duration.ofMillis(gapMillis), Verdict.FAILED, OneRegion.FAST);
    assertThat(region.state()).isEqualTo(RegionState.HEALTHY);
    region.calls(1, OneRegion.FAST, Verdict.FAILED, OneRegion.FAST);

    assertThat(region.state()).isEqualTo(RegionState.DOWN);
  }

  @Test
  void fewCalls_anAnswerAmongFailures_startsTheRowAnew() {
    for (var round = 0; round < 20; round++) {
      region.calls(4, SECOND, Verdict.FAILED, OneRegion.FAST);
      region.calls(1, SECOND, Verdict.ANSWERED, OneRegion.FAST);
    }

    assertThat(region.state()).isEqualTo(RegionState.HEALTHY);
  }

  @Test
  void manyFailAtOneInstant_areOneEvent() {
    region.calls(10, SECOND, Verdict.ANSWERED, OneRegion.FAST);
    for (var call = 0; call < 100; call++) {
      region.call(Verdict.FAILED, 1, OneRegion.FAST);
    }
    region.time.advance(OneRegion.FAST);
    assertThat(region.state()).isEqualTo(RegionState.HEALTHY);
    region.time.advance(Duration.ofMillis(50));

    region.calls(1, OneRegion.FAST, Verdict.FAILED, OneRegion.FAST);

    assertThat(region.state()).isEqualTo(RegionState.DOWN);
  }

  /** Five in a row fail by chance about once in a hundred thousand calls. */
  @Test
  void hundredThousandCallsASecond_oneInTenFails_isNotLost() {
    var random = new Random(1);
    for (var call = 0; call < 500_000; call++) {
      var now = region.time.nanos();
      region.health.began(now);
      var verdict = random.nextInt(10) == 0 ? Verdict.FAILED : Verdict.ANSWERED;
      region.health.ended(verdict, 0, now);
      region.time.advance(Duration.ofNanos(10_000));
    }

    assertThat(region.told).isEmpty();
  }

  @Test
  void halfFail_neverManyInARow_isLost() {
    for (var call = 0; call < 20; call++) {
      var verdict = call % 2 == 0 ? Verdict.ANSWERED : Verdict.FAILED;
      region.calls(1, Duration.ofMillis(100), verdict, OneRegion.FAST);
    }

    assertThat(region.told).startsWith("HEALTHY DOWN");
  }

  @Test
  void halfFailedLongAgo_doesNotCount() {
    region.calls(4, Duration.ofMillis(100), Verdict.FAILED, OneRegion.FAST);
    region.time.advance(Duration.ofSeconds(6));
    for (var call = 0; call < 6; call++) {
      region.calls(2, Duration.ofMillis(100), Verdict.ANSWERED, OneRegion.FAST);
      region.calls(1, Duration.ofMillis(100), Verdict.FAILED, OneRegion.FAST);
    }

    assertThat(region.state()).isEqualTo(RegionState.HEALTHY);
  }

  @Test
  void refusedAndGivenUp_sayNothing() {
    region.warmUp();
    region.calls(1_000, MILLI, Verdict.IGNORED, Duration.ZERO);
    region.calls(100, SECOND, Verdict.IGNORED, Duration.ofMillis(500));

    assertThat(region.told).isEmpty();
  }

  @Test
  void idleForAnHour_thenABurst_isNotSilent() {
    region.warmUp();
    region.time.advance(Duration.ofHours(1));
    for (var call = 0; call < 1_000; call++) {
      region.call(Verdict.ANSWERED, 1, Duration.ofMillis(90));
    }
    lookFor(Duration.ofMillis(90));

    assertThat(region.told).isEmpty();
  }

  @Test
  void oneSlowCallAmongAnswers_isNoSilence() {
    region.warmUp();
    region.call(Verdict.ANSWERED, 1, Duration.ofSeconds(10));

    region.calls(10_000, MILLI, Verdict.ANSWERED, OneRegion.FAST);

    assertThat(region.told).isEmpty();
  }

  @Test
  void oneSlowCallAlone_isNoSilence() {
    region.warmUp();
    region.call(Verdict.ANSWERED, 500, Duration.ofSeconds(10));

    lookFor(Duration.ofSeconds(10));

    assertThat(region.told).isEmpty();
  }

  @Test
  void nothingOnItsWay_isNoSilence() {
    region.warmUp();

    lookFor(Duration.ofSeconds(10));

    assertThat(region.told).isEmpty();
  }

  /** All threads stood still for seconds: what has been answered meanwhile is still to be read. */
  @Test
  void pauseOfTheProcess_isNoSilence() {
    region.warmUp();
    var began = region.time.nanos();
    for (var call = 0; call < 100; call++) {
      region.health.began(began);
    }
    for (var pause = 0; pause < 3; pause++) {
      region.time.advance(SECOND);
      assertThat(region.state()).isEqualTo(RegionState.HEALTHY);
      region.health.began(region.time.nanos());
    }
    lookFor(Duration.ofMillis(20));

    assertThat(region.told).isEmpty();
  }

  @Test
  void farRegion_isWaitedForInItsOwnMeasure() {
    region.calls(1_000, MILLI, Verdict.ANSWERED, Duration.ofMillis(80));
    region.time.advance(SECOND);
    for (var call = 0; call < 100; call++) {
      region.call(Verdict.ANSWERED, 1, Duration.ofMillis(300));
    }
    lookFor(Duration.ofMillis(300));

    assertThat(region.told).isEmpty();
  }

  @Test
  void firstCallsOfAProcess_mayTakeAsLongAsTheyLike() {
    for (var call = 0; call < 100; call++) {
      region.call(Verdict.ANSWERED, 1, SECOND);
    }
    lookFor(SECOND);

    assertThat(region.told).isEmpty();
  }

  @Test
  void sourceDown_isLostAtOnce() {
    region.source.state = EndpointState.DOWN;
    region.time.advance(Duration.ofMillis(10));

    assertThat(region.state()).isEqualTo(RegionState.DOWN);
  }

  @Test
  void minorityOfEndpointsDown_isNotLost_majorityIs() {
    region.shards.get(0).state = EndpointState.DOWN;
    region.shards.get(1).state = EndpointState.DOWN;
    lookFor(SECOND);
    assertThat(region.state()).isEqualTo(RegionState.HEALTHY);
    region.shards.get(2).state = EndpointState.DOWN;
    lookFor(Duration.ofMillis(10));

    assertThat(region.state()).isEqualTo(RegionState.DOWN);
  }

  /** A fifth of the keys fails, each call of many keys in a small part. */
  @Test
  void oneBadShard_oneCallInFiveFails_isNotLost() {
    region.warmUp();
    region.shards.get(0).state = EndpointState.DOWN;
    var random = new Random(2);
    for (var call = 0; call < 10_000; call++) {
      var verdict = random.nextInt(5) == 0 ? Verdict.FAILED : Verdict.ANSWERED;
      region.calls(1, MILLI, verdict, OneRegion.FAST);
    }

    assertThat(region.told).isEmpty();
  }

  @Test
  void takesMore_asItsMainEndpointsDo() {
    assertThat(region.health.takesMore()).isTrue();
    region.shards.get(1).takesMore = false;
    assertThat(region.health.takesMore()).isTrue();
    region.shards.get(0).takesMore = false;
    assertThat(region.health.takesMore()).isFalse();
    region.shards.get(0).takesMore = true;
    region.source.takesMore = false;

    assertThat(region.health.takesMore()).isFalse();
  }

  private int callsUntilLost(Duration gap, Verdict verdict, Duration took) {
    var calls = 0;
    while (calls < 10_000 && region.state() == RegionState.HEALTHY) {
      region.calls(1, gap, verdict, took);
      calls++;
    }
    return calls;
  }

  private void lookFor(Duration duration) {
    for (var step = 0; step < duration.toMillis(); step++) {
      region.time.advance(MILLI);
      var unused = region.state();
    }
  }
}
