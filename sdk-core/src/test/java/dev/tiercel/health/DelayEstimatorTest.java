package dev.tiercel.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiercel.testing.FakeTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DelayEstimatorTest {

  private static final DelayPolicy POLICY =
      policy(0.98, Duration.ofNanos(1), Duration.ofSeconds(100));
  private static final long MILLI = 1_000_000;

  private final FakeTime time = new FakeTime();
  private final DelayEstimator estimator = new DelayEstimator(POLICY, time);

  private static DelayPolicy policy(double quantile, Duration floor, Duration cap) {
    return new DelayPolicy(true, quantile, floor, cap, 100, Duration.ofSeconds(30));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.9, 0.95, 0.98, 0.99})
  void delay_anyDistribution_isTheExactQuantileWithin3Percent(double quantile) {
    var seed = new Random().nextLong();
    System.out.println("delay_anyDistribution seed: " + seed);
    var random = new Random(seed);
    for (var trial = 0; trial < 40; trial++) {
      var estimated = new DelayEstimator(policy(quantile, POLICY.floor(), POLICY.cap()), time);
      var took = distribution(random);
      var samples = new long[100 + random.nextInt(3_000)];
      Arrays.setAll(samples, sample -> 2_000 + Math.round(took.getAsDouble()));
      for (var sample : samples) {
        estimated.answered(sample);
      }
      // Looked at now and then only: the same once more, so that all are counted.
      for (var round = 0; round < 3; round++) {
        for (var sample : samples) {
          estimated.answered(sample);
        }
      }
      Arrays.sort(samples);

      // The last few are not counted yet: between the neighbours of the exact quantile.
      var low = samples[(int) Math.max(0, Math.ceil((quantile - 0.04) * samples.length) - 1)];
      var high = samples[
          (int) Math.min(samples.length - 1, Math.ceil((quantile + 0.04) * samples.length) - 1)];
      assertThat(estimated.delayNanos()).isBetween(low, high + high * 32 / 1_000 + 32);
    }
  }

  private static DoubleSupplier distribution(Random random) {
    var scale = Math.exp(random.nextDouble() * 12) * 1_000;
    return switch (random.nextInt(3)) {
      case 0 -> () -> scale * random.nextDouble();
      case 1 -> () -> scale * Math.exp(random.nextGaussian());
      default -> () -> scale / (0.001 + random.nextDouble());
    };
  }

  @Test
  void buckets_everyTime_endAtMost3PercentLater() {
    for (var nanos = 2_000L; nanos < 60_000 * MILLI; nanos += 1 + nanos / 777) {
      var end = Latencies.end(Latencies.bucket(nanos));
      assertThat(end).isGreaterThan(nanos).isLessThanOrEqualTo(nanos + nanos * 32 / 1_000 + 32);
    }
    assertThat(Latencies.bucket(-1)).isZero();
    assertThat(Latencies.bucket(Long.MAX_VALUE)).isEqualTo(Latencies.BUCKETS - 1);
  }

  @Test
  void delay_tooLittleIsKnown_isNever() {
    answer(99, MILLI);
    assertThat(estimator.delayNanos()).isEqualTo(DelayEstimator.NEVER);

    answer(21, MILLI);
    assertThat(estimator.delayNanos()).isCloseTo(MILLI, within(MILLI / 30));
  }

  @Test
  void delay_onlyUnanswered_warmsNothingUp() {
    for (var count = 0; count < 10_000; count++) {
      estimator.unanswered(MILLI);
    }

    assertThat(estimator.delayNanos()).isEqualTo(DelayEstimator.NEVER);
  }

  @Test
  void delay_policyOff_isNever() {
    var off = new DelayEstimator(
        new DelayPolicy(false, 0.98, POLICY.floor(), POLICY.cap(), 100, POLICY.window()), time);
    for (var count = 0; count < 1_000; count++) {
      off.answered(MILLI);
    }

    assertThat(off.delayNanos()).isEqualTo(DelayEstimator.NEVER);
  }

  @Test
  void delay_outsideTheBounds_isTheBound() {
    var bounded =
        new DelayEstimator(policy(0.98, Duration.ofMillis(2), Duration.ofMillis(5)), time);
    for (var count = 0; count < 200; count++) {
      bounded.answered(MILLI);
    }
    assertThat(bounded.delayNanos()).isEqualTo(2 * MILLI);

    for (var count = 0; count < 200; count++) {
      bounded.answered(50 * MILLI);
    }
    assertThat(bounded.delayNanos()).isEqualTo(5 * MILLI);
  }

  @Test
  void delay_subMillisecond_isNotRounded() {
    answer(200, 312_000);

    assertThat(estimator.delayNanos()).isCloseTo(312_000, within(312_000L / 30));
  }

  @Test
  void delay_losersGivenUpAtTheDelay_doesNotDriftDown() {
    var random = new Random(7);
    for (var count = 0; count < 50_000; count++) {
      var took = Math.round(MILLI * Math.exp(random.nextGaussian()));
      var delay = estimator.delayNanos();
      // A hedge is always quicker: what is slow is given up half a millisecond later.
      if (delay != DelayEstimator.NEVER && took > delay + MILLI / 2) {
        estimator.unanswered(delay + MILLI / 2);
      } else {
        estimator.answered(took);
      }
    }

    // exp(2.054) ms is the 0.98 quantile.
    assertThat((double) estimator.delayNanos()).isCloseTo(7.8 * MILLI, within(0.8 * MILLI));
  }

  @Test
  void delay_impatientCallers_doesNotFollowThem() {
    var random = new Random(7);
    for (var count = 0; count < 50_000; count++) {
      var took = Math.round(MILLI * Math.exp(random.nextGaussian()));
      var patience = count % 2 == 0 ? 3 * MILLI : 1_000 * MILLI;
      if (took > patience) {
        estimator.unanswered(patience);
      } else {
        estimator.answered(took);
      }
    }

    assertThat((double) estimator.delayNanos()).isCloseTo(7.8 * MILLI, within(0.8 * MILLI));
  }

  @Test
  void delay_nothingIsAnsweredAnyMore_growsToWhatWasWaited() {
    answer(1_000, MILLI);
    for (var count = 0; count < 10_000; count++) {
      estimator.unanswered(250 * MILLI);
    }

    assertThat(estimator.delayNanos()).isGreaterThan(240 * MILLI);
  }

  @Test
  void delay_failuresAtOnce_changeNothing() {
    answer(1_000, MILLI);
    for (var count = 0; count < 10_000; count++) {
      estimator.unanswered(1_000);
      time.advance(Duration.ofMillis(50));
    }

    assertThat(estimator.delayNanos()).isCloseTo(MILLI, within(MILLI / 30));
  }

  @Test
  void delay_slowerSinceAWindow_forgetsWhatWasBefore() {
    everyMilli(40_000, MILLI);
    assertThat(estimator.delayNanos()).isCloseTo(MILLI, within(MILLI / 30));

    everyMilli(1_500, 5 * MILLI);
    assertThat(estimator.delayNanos()).isCloseTo(5 * MILLI, within(MILLI / 5));

    everyMilli(41_000, 2 * MILLI);
    assertThat(estimator.delayNanos()).isCloseTo(2 * MILLI, within(MILLI / 10));
  }

  @Test
  void delay_oneASecond_isKnownAndStaysKnown() {
    for (var second = 0; second < 120; second++) {
      time.advance(Duration.ofSeconds(1));
      estimator.answered(MILLI);
    }

    for (var second = 0; second < 2_000; second++) {
      time.advance(Duration.ofSeconds(1));
      estimator.answered(MILLI);
      assertThat(estimator.delayNanos()).isCloseTo(MILLI, within(MILLI / 30));
    }
  }

  @Test
  void delay_longPause_isKept() {
    answer(1_000, MILLI);
    time.advance(Duration.ofDays(1));
    answer(100, MILLI);

    assertThat(estimator.delayNanos()).isCloseTo(MILLI, within(MILLI / 30));
  }

  @Test
  void count_manyThreads_losesNothing() throws InterruptedException {
    var threads = new Thread[4];
    Arrays.setAll(threads, thread -> new Thread(() -> answer(50_000, (thread + 1) * MILLI)));
    for (var thread : threads) {
      thread.start();
    }
    for (var thread : threads) {
      thread.join();
    }
    answer(1_024, 4 * MILLI);

    assertThat(estimator.delayNanos()).isCloseTo(4 * MILLI, within(MILLI / 5));
  }

  private void answer(int count, long nanos) {
    for (var each = 0; each < count; each++) {
      estimator.answered(nanos);
    }
  }

  private void everyMilli(int count, long nanos) {
    for (var each = 0; each < count; each++) {
      time.advance(Duration.ofMillis(1));
      estimator.answered(nanos);
    }
  }
}
