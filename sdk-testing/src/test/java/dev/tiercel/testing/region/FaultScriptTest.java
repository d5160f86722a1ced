package dev.tiercel.testing.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FaultScriptTest {

  private static final List<String> REGIONS = List.of("east", "west", "north");
  private static final Duration LENGTH = Duration.ofMinutes(3);

  @Test
  void random_sameSeed_sameScript() {
    assertThat(FaultScript.random(7, REGIONS, LENGTH))
        .isEqualTo(FaultScript.random(7, REGIONS, LENGTH))
        .isNotEqualTo(FaultScript.random(8, REGIONS, LENGTH));
  }

  @Test
  void random_longEnough_everyKindAndOneAtATime() {
    for (long seed = 0; seed < 20; seed++) {
      var script = FaultScript.random(seed, REGIONS, LENGTH);
      assertThat(kinds(script)).as("seed %s", seed).hasSize(10);
      assertThat(script.length()).isLessThan(LENGTH);
      var end = Duration.ZERO;
      for (var step : script.steps()) {
        assertThat(step.start()).as("seed %s", seed).isGreaterThan(end);
        end = step.end();
      }
    }
  }

  private static Set<Class<?>> kinds(FaultScript script) {
    return script.steps().stream().map(step -> step.fault().getClass()).collect(Collectors.toSet());
  }

  @Test
  void toString_tellsTheSeedAndEveryStep() {
    var step = new FaultScript.Step(
        Duration.ofMillis(1500), Duration.ofSeconds(2), RegionFault.Kill.of("east"));

    assertThat(new FaultScript(7, List.of(step)))
        .hasToString(
            "seed 7\n    1.50 s to   3.50 s  " + "Kill[region=east, part=ALL, loseCache=false]");
  }

  @Test
  void bounds_outOfThem_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FaultScript.random(1, List.of("alone"), LENGTH));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RegionFault.Stall("east", Part.ALL, LENGTH, LENGTH));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RegionFault.Slow("east", Part.ALL, Duration.ofMillis(-1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RegionFault.Slow.times("east", Part.ALL, 0, LENGTH));
    assertThatIllegalArgumentException().isThrownBy(() -> RegionOptions.of("east", "east"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RegionOptions.of("east").pollInterval(Duration.ZERO));
  }
}
