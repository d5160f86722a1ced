package dev.tiercel.samples.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.testing.check.Report;
import dev.tiercel.testing.check.Rule;
import dev.tiercel.testing.region.FaultScript;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RegionOutcomeTest {

  private static final Report KEPT = new Report(10, Map.of(), List.of());

  @Test
  void passed_everyRuleKept_onlyWithTheFloor() {
    assertThat(outcome(KEPT, false).passed()).isTrue();
    assertThat(outcome(KEPT, false).toString()).contains("seed 7", "2 absent").endsWith("PASS");
    assertThat(outcome(KEPT, true).passed()).isFalse();
    assertThat(outcome(KEPT, true).toString()).endsWith("FAIL: without floor, nobody went back");
  }

  @Test
  void passed_somebodyWentBack_onlyWithoutTheFloor() {
    var report = broken(Rule.MONOTONIC);
    assertThat(outcome(report, false).passed()).isFalse();
    assertThat(outcome(report, false).toString())
        .contains("broken: MONOTONIC 1 times")
        .endsWith("FAIL");
    assertThat(outcome(report, true).passed()).isTrue();
  }

  @Test
  void passed_withoutFloor_otherRulesDoNotCount() {
    assertThat(outcome(broken(Rule.TRUTH), true).passed()).isFalse();
  }

  private static Report broken(Rule rule) {
    return new Report(10, Map.of(rule, 1L), List.of());
  }

  private static RegionOutcome outcome(Report report, boolean withoutFloor) {
    var tally = new RegionTally(Map.of("absent", 2), Map.of("acknowledged", 1));
    return new RegionOutcome(new FaultScript(7, List.of()), report, tally, 3, 4, withoutFloor);
  }
}
