package dev.tiercel.testing.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FaultPlanTest {

  private static final Duration MINUTE = Duration.ofSeconds(60);
  private static final Set<FaultKind> ALL = EnumSet.allOf(FaultKind.class);
  private static final int SEEDS = 200;
  private static final int CYCLE = 7_500;

  @Test
  void of_sameSeed_samePlan() {
    assertThat(FaultPlan.of(7, 3, MINUTE, ALL)).isEqualTo(FaultPlan.of(7, 3, MINUTE, ALL));
  }

  @Test
  void of_anotherSeed_anotherPlan() {
    assertThat(FaultPlan.of(7, 3, MINUTE, ALL)).isNotEqualTo(FaultPlan.of(8, 3, MINUTE, ALL));
  }

  @Test
  void of_aMinute_everyKindOfFaultHappens() {
    for (var seed = 0; seed < SEEDS; seed++) {
      var kinds = faults(FaultPlan.of(seed, 3, MINUTE, ALL)).stream()
          .map(PlannedFault::kind)
          .collect(Collectors.toSet());
      assertThat(kinds)
          .as("seed %d", seed)
          .containsAll(ALL.stream().filter(FaultKind::isFault).toList());
    }
  }

  @Test
  void of_anySeed_faultsAreShortAndFollowedByQuiet() {
    for (var seed = 0; seed < SEEDS; seed++) {
      for (var fault : faults(FaultPlan.of(seed, 3, MINUTE, ALL))) {
        var shortest = fault.kind() == FaultKind.REDIS_FLUSH ? 0 : 500;
        assertThat(fault.lengthMillis()).as("seed %d", seed).isBetween(shortest, 3_000);
        assertThat(fault.endMillis() % CYCLE)
            .as("seed %d", seed)
            .isBetween(fault.startMillis() % CYCLE, CYCLE - 4_000);
      }
    }
  }

  @Test
  void of_anySeed_faultsAtOnceBefallDifferentThings() {
    for (var seed = 0; seed < SEEDS; seed++) {
      var plan = FaultPlan.of(seed, 3, MINUTE, ALL).faults();
      for (var one : plan) {
        for (var other : plan) {
          if (one != other && overlap(one, other)) {
            assertThat(one.kind().target())
                .as("seed %d", seed)
                .isNotEqualTo(other.kind().target());
          }
        }
      }
    }
  }

  @Test
  void of_kindThatIsNotPossibleHere_isNotPlanned() {
    var possible = EnumSet.complementOf(EnumSet.of(FaultKind.WORKER_PAUSE));
    assertThat(FaultPlan.of(7, 3, MINUTE, possible).faults())
        .isNotEmpty()
        .noneMatch(fault -> fault.kind() == FaultKind.WORKER_PAUSE);
  }

  @Test
  void of_noKinds_latencyAlone() {
    assertThat(FaultPlan.of(7, 3, MINUTE, Set.of()).faults())
        .isNotEmpty()
        .allMatch(fault -> fault.kind() == FaultKind.SOURCE_LATENCY);
  }

  @Test
  void of_fewSeconds_aFaultAndQuiet() {
    var workers = IntStream.range(0, SEEDS)
        .mapToObj(seed -> faults(FaultPlan.of(seed, 2, Duration.ofSeconds(5), ALL)))
        .peek(faults -> assertThat(faults).isNotEmpty())
        .flatMap(List::stream)
        .peek(fault -> assertThat(fault.endMillis()).isLessThanOrEqualTo(2_000))
        .map(PlannedFault::worker)
        .collect(Collectors.toSet());
    assertThat(workers).containsExactlyInAnyOrder(0, 1);
  }

  @Test
  void toString_faults_oneLineEachWithoutLatency() {
    var plan = FaultPlan.of(7, 3, MINUTE, ALL);
    assertThat(plan.toString().lines())
        .hasSize(faults(plan).size())
        .noneMatch(line -> line.contains("latency"));
  }

  private static List<PlannedFault> faults(FaultPlan plan) {
    return plan.faults().stream().filter(fault -> fault.kind().isFault()).toList();
  }

  private static boolean overlap(PlannedFault one, PlannedFault other) {
    return one.startMillis() <= other.endMillis() && other.startMillis() <= one.endMillis();
  }
}
