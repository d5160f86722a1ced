package dev.tiercel.samples.benchmarks.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A call every 10 ms; which of them fail is what the tests differ in. */
class StormOutcomeTest {

  private static final long STEP_MILLIS = 10;

  private final StormOutcome outcome = new StormOutcome(Storm.Plan.standard());

  @Test
  void recovery_neverFailed_isAtOnce() {
    failing(0, 0);
    assertThat(outcome.recovery()).contains(Duration.ZERO);
  }

  @Test
  void recovery_failsForAWhileAfterTheTrigger_isWhenItEnds() {
    failing(20_000, 33_000);
    assertThat(outcome.recovery()).contains(Duration.ofSeconds(3));
  }

  @Test
  void recovery_failsUntilTheEnd_isEmpty() {
    failing(20_000, 70_000);
    assertThat(outcome.recovery()).isEmpty();
  }

  @Test
  void recovery_failedBeforeTheTrigger_isEmpty() {
    failing(0, 70_000);
    assertThat(outcome.recovery()).isEmpty();
  }

  @Test
  void failures_countAsCallsThatTookUntilTheirDeadline() {
    failing(6_000, 6_100);
    assertThat(outcome.failureRate()).isEqualTo(10.0 / 7_000);
    assertThat(outcome.failureRateBefore()).isEqualTo(10.0 / 1_500);
    assertThat(outcome.millisBefore()).isBetween(250.0, 250.2);
  }

  @Test
  void complaints_withinBounds_areNone() {
    failing(0, 0);
    var figures = new StormFigures(List.of(outcome));
    outcome.reads(7_000);
    var worse = new StormOutcome(Storm.Plan.standard());
    worse.ended(TimeUnit.SECONDS.toNanos(6), 1, false);
    assertThat(StormTable.complaints(0.5, figures, new StormFigures(List.of(worse))))
        .isEmpty();
  }

  @Test
  void complaints_eachBoundBroken_nameEach() {
    failing(0, 70_000);
    outcome.reads(14_000);
    var well = new StormOutcome(Storm.Plan.standard());
    well.ended(TimeUnit.SECONDS.toNanos(6), 1, true);
    var complaints = StormTable.complaints(
        0.5, new StormFigures(List.of(outcome)), new StormFigures(List.of(well)));
    assertThat(complaints).hasSize(4);
  }

  private void failing(long fromMillis, long toMillis) {
    for (var at = 0L; at < 70_000; at += STEP_MILLIS) {
      var failed = at >= fromMillis && at < toMillis;
      outcome.ended(TimeUnit.MILLISECONDS.toNanos(at), TimeUnit.MILLISECONDS.toNanos(5), !failed);
    }
  }
}
