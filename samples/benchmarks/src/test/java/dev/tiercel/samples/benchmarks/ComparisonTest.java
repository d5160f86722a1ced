package dev.tiercel.samples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ComparisonTest {

  private final Comparison comparison = new Comparison(2, LocalHitRun.BASELINES);

  @Test
  void ratio_machineSlowsDownBetweenRounds_comparesWithinRounds() {
    add(100, 150);
    add(1000, 1500);
    add(100, 160);
    assertThat(comparison.ratio(LocalHitRun.TIERCEL, LocalHitRun.BY_SIZE))
        .isEqualTo(1.5, within(1e-9));
  }

  @Test
  void median_evenNumberOfRounds_isTheMeanOfTheMiddle() {
    assertThat(Measured.median(new double[] {4, 1, 3, 2})).isEqualTo(2.5);
  }

  @Test
  void table_showsEachBenchmarkWithItsRatios() {
    add(100, 150);
    comparison.add(LocalHitRun.BY_WEIGHT, new Measured(200, 220, 0, 0.5));
    assertThat(comparison.table().lines())
        .hasSize(3)
        .anySatisfy(line -> assertThat(line.trim().split(" +"))
            .containsExactly("2", "tiercel", "150.0", "160.0", "0.000", "0.250", "1.50", "0.75"));
  }

  private void add(double caffeine, double tiercel) {
    comparison.add(LocalHitRun.BY_SIZE, new Measured(caffeine, caffeine + 10, 0, 0.25));
    comparison.add(LocalHitRun.TIERCEL, new Measured(tiercel, tiercel + 10, 0, 0.25));
  }
}
