package dev.tiercel.testing.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.testing.check.Report;
import dev.tiercel.testing.check.Rule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CheckOutcomeTest {

  private static final CheckPlan PLAN =
      CheckPlan.of(WorkerOrderTest.NoKeyspace.class).seed(7);
  private static final Report CLEAN = new Report(10, Map.of(), List.of());
  private static final Report BROKEN = new Report(10, Map.of(Rule.MONOTONIC, 3L), List.of());

  @Test
  void passed_nothingBroken_andTheReportSaysSoWithoutThePlan() {
    var outcome = outcome(PLAN, CLEAN, List.of());
    assertThat(outcome.passed()).isTrue();
    assertThat(outcome.report()).contains("table").doesNotContain("seed").endsWith("\nPASS");
  }

  @Test
  void passed_aRuleIsBroken_failsAndTheReportTellsSeedAndFaults() {
    var outcome = outcome(PLAN, BROKEN, List.of());
    assertThat(outcome.passed()).isFalse();
    assertThat(outcome.report())
        .contains("broken: MONOTONIC 3 times", "with seed 7", "cut")
        .endsWith("\nFAIL");
  }

  @Test
  void passed_anErrorThatNothingExplains_fails() {
    var outcome = outcome(PLAN, CLEAN, List.of("an error"));
    assertThat(outcome.passed()).isFalse();
    assertThat(outcome.report()).contains("no fault explains: 1", "an error").endsWith("\nFAIL");
  }

  @Test
  void passed_aMechanismIsOff_onlyIfThatWasFound() {
    var plan = PLAN.without(Set.of("fence"));
    assertThat(outcome(plan, BROKEN, List.of()).passed()).isTrue();
    assertThat(outcome(plan, BROKEN, List.of()).report()).contains("PASS: without fence");
    assertThat(outcome(plan, CLEAN, List.of()).passed()).isFalse();
    assertThat(outcome(plan, CLEAN, List.of()).report()).contains("FAIL: without fence");
  }

  private static CheckOutcome outcome(CheckPlan plan, Report report, List<String> errors) {
    return new CheckOutcome(plan, report, errors, errors.size(), "table", "  cut");
  }
}
