package dev.tiercel.testing.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.testing.check.Report;
import dev.tiercel.testing.check.Rule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CheckOutcomeTest {

  private static final CheckPlan PLAN = CheckPlan.of(WorkerOrderTest.NoKeyspace.class)
      .length(Duration.ofSeconds(59))
      .seed(7);
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

  @Test
  void passed_aMechanismIsOff_violationsOfOtherRulesDoNotCount() {
    var plan = PLAN.without(Set.of("fence"));
    for (var rule : List.of(Rule.TRUTH, Rule.LOST_WRITE, Rule.TYPED_ERRORS)) {
      assertThat(outcome(plan, new Report(10, Map.of(rule, 1L), List.of()), List.of())
              .passed())
          .as("%s", rule)
          .isFalse();
    }
    for (var rule : List.of(Rule.CONVERGENCE, Rule.BARRIER, Rule.HONEST_LABEL)) {
      assertThat(outcome(plan, new Report(10, Map.of(rule, 1L), List.of()), List.of())
              .passed())
          .as("%s", rule)
          .isTrue();
    }
  }

  @Test
  void passed_aMinuteOrMore_onlyWithItsShareOfReads() {
    var minute = PLAN.length(Duration.ofSeconds(60));
    assertThat(outcome(minute, reads(200_000), List.of()).passed()).isTrue();
    assertThat(outcome(minute, reads(199_999), List.of()).passed()).isFalse();
    assertThat(outcome(minute, reads(199_999), List.of()).report())
        .contains("reads checked: 199999 (expected: 200000 or more)")
        .endsWith("\nFAIL");
    var longer = PLAN.length(Duration.ofSeconds(90));
    assertThat(outcome(longer, reads(299_999), List.of()).passed()).isFalse();
    assertThat(outcome(longer, reads(300_000), List.of()).passed()).isTrue();
  }

  private static Report reads(long count) {
    return new Report(count, Map.of(), List.of());
  }

  private static CheckOutcome outcome(CheckPlan plan, Report report, List<String> errors) {
    return new CheckOutcome(plan, report, errors, errors.size(), "table", "  cut");
  }
}
