package dev.tiercel.testing.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.testing.check.Answer;
import dev.tiercel.testing.check.FaultWindow;
import dev.tiercel.testing.check.Operation;
import dev.tiercel.testing.check.Outcome;
import dev.tiercel.testing.check.Scope;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorCheckTest {

  private final ErrorCheck check =
      new ErrorCheck(List.of(new FaultWindow(1_000, 2_000, "cut")), Duration.ofNanos(100));

  @Test
  void unexplained_noErrors_none() {
    assertThat(check.unexplained(List.of(
            read(0, 10, new Answer.Absent()),
            write(0, 10, new Outcome.Acknowledged(1)),
            write(0, Long.MAX_VALUE, new Outcome.Unknown(Outcome.Unknown.UNFINISHED)))))
        .isEmpty();
  }

  @Test
  void unexplained_errorThatTouchesAFaultOrBeginsShortlyAfterIt_isExplained() {
    assertThat(check.unexplained(List.of(
            read(10, 1_000, new Answer.Failed("DeadlineExceeded")),
            read(2_100, 2_500, new Answer.Failed("Unavailable")),
            write(1_500, 1_600, new Outcome.Unknown("OutcomeUnknown")),
            barrier(1_500, 1_600, new Outcome.Refused("Overloaded")))))
        .isEmpty();
  }

  @Test
  void unexplained_errorBeforeOrLongAfterAFault_isTold() {
    var early = read(10, 999, new Answer.Failed("DeadlineExceeded"));
    var late = write(2_101, 2_200, new Outcome.Unknown("OutcomeUnknown"));
    var barrier = barrier(5_000, 5_001, new Outcome.Refused("Throttled"));
    assertThat(check.unexplained(List.of(early, late, barrier)))
        .containsExactly(early, late, barrier);
  }

  @Test
  void unexplained_conflictWithinAFault_isTold() {
    var conflict = write(1_500, 1_600, new Outcome.Refused("Conflict"));
    assertThat(check.unexplained(List.of(conflict))).containsExactly(conflict);
  }

  private static Operation read(long start, long end, Answer answer) {
    return new Operation.Read(0, "k", start, end, answer, 0);
  }

  private static Operation write(long start, long end, Outcome outcome) {
    return new Operation.Write(0, "k", Operation.Kind.PUT, 1, start, end, outcome);
  }

  private static Operation barrier(long start, long end, Outcome outcome) {
    return new Operation.Barrier(0, new Scope.All(), start, end, outcome);
  }
}
