package dev.tiercel.samples.benchmarks.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TailAtScaleTest {

  private static final int REQUESTS = 1_000;

  @Test
  void run_sameSeed_sameFigures() {
    var once = TailAtScale.run(REQUESTS, 7, Policy.OURS);
    var again = TailAtScale.run(REQUESTS, 7, Policy.OURS);
    assertThat(again).isEqualTo(once);
  }

  @Test
  void run_otherSeed_otherFigures() {
    var once = TailAtScale.run(REQUESTS, 7, Policy.OURS);
    var other = TailAtScale.run(REQUESTS, 8, Policy.OURS);
    assertThat(other.latencies()).isNotEqualTo(once.latencies());
  }

  @Test
  void run_hedges_shortenTheTailForFewMoreReads() {
    var without = TailAtScale.run(REQUESTS, 7, Policy.GUARD);
    var with = TailAtScale.run(REQUESTS, 7, Policy.OURS);
    assertThat(without.failures() + with.failures()).isZero();
    assertThat(without.leafReads()).isEqualTo(1);
    assertThat(with.leafReads()).isGreaterThan(1).isLessThan(TailAtScaleRun.MOST_LOAD);
    assertThat(with.millisAt(99)).isLessThan(without.millisAt(99) / 8);
  }
}
