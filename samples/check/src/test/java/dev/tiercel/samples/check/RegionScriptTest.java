package dev.tiercel.samples.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.testing.region.RegionFault;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegionScriptTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void of_aMinute_breaksRegionsAndReplicationAndEndsInTime(long seed) {
    var script = RegionScript.of(seed, MINUTE);

    assertThat(script.length()).isEqualTo(MINUTE);
    assertThat(script.steps())
        .extracting(step -> step.fault().getClass().getSimpleName())
        .contains("Lag", "Partition", "Kill", "BlackHole", "Slow", "Unreachable");
    assertThat(script).isEqualTo(RegionScript.of(seed, MINUTE));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void of_anyTime_replicationLagsOrIsPartedThroughout(long seed) {
    var covered = Duration.ZERO;
    for (var step : RegionScript.of(seed, MINUTE).steps()) {
      if (step.fault() instanceof RegionFault.Lag
          || step.fault() instanceof RegionFault.Partition) {
        assertThat(step.start()).isLessThanOrEqualTo(covered);
        covered = step.start().plus(step.length());
      }
    }
    assertThat(covered).isEqualTo(MINUTE);
  }
}
