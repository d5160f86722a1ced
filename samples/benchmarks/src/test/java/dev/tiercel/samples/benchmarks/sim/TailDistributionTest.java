package dev.tiercel.samples.benchmarks.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TailDistributionTest {

  private final TailDistribution leaf = TailDistribution.leaf();

  @ParameterizedTest
  @CsvSource({"1, 1", "0.5, 3", "0.02, 10", "0.0032, 64", "0.00001, 1800", "0.00000001, 5000"})
  void exceededBy_givenPoint_isItsLatency(double beyond, double millis) {
    assertThat(leaf.exceededBy(beyond) / 1e6).isEqualTo(millis, within(1e-3));
  }

  @Test
  void exceededBy_betweenPoints_isOnALineInLogarithms() {
    var middle = Math.sqrt(0.5 * 0.02);
    assertThat(leaf.exceededBy(middle) / 1e6).isEqualTo(Math.sqrt(3 * 10), within(1e-3));
  }

  @Test
  void exceededBy_rarerThanTheLastPoint_isTheLastPoint() {
    assertThat(leaf.exceededBy(1e-12) / 1e6).isEqualTo(5_000, within(1e-3));
  }

  @Test
  void exceededBy_uniformNumbers_drawsTheDistribution() {
    var random = new SplittableRandom(7);
    var slow = DoubleStream.generate(() -> 1 - random.nextDouble())
        .limit(100_000)
        .filter(beyond -> leaf.exceededBy(beyond) > 10_000_000)
        .count();
    assertThat(slow).isBetween(1_850L, 2_150L);
  }
}
