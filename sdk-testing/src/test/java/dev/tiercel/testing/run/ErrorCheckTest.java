package dev.tiercel.testing.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Tier;
import dev.tiercel.testing.check.Answer;
import dev.tiercel.testing.check.FaultWindow;
import dev.tiercel.testing.check.FaultWindow.Target;
import dev.tiercel.testing.check.Operation;
import dev.tiercel.testing.check.Outcome;
import dev.tiercel.testing.check.Scope;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorCheckTest {

  /** Not an error anybody was told of. */
  private static final String STALE = "stale-if-error";

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

  @Test
  void unexplained_faultOfAFeed_explainsNothing() {
    assertExplained(Target.FEED, 0, "DeadlineExceeded", false, false);
    assertExplained(Target.FEED, 0, STALE, false, false);
  }

  @Test
  void unexplained_faultOfOneWay_explainsWhatItsOwnerMet() {
    for (var target : List.of(Target.DATA, Target.SOURCE)) {
      for (var error : List.of("DeadlineExceeded", "Overloaded", "OutcomeUnknown", STALE)) {
        assertExplained(target, 0, error, true, false);
      }
    }
  }

  @Test
  void unexplained_faultOfAll_explainsWhatAnybodyMet() {
    assertExplained(Target.CACHE, FaultWindow.ALL, "Unavailable", true, true);
    assertExplained(Target.CACHE, FaultWindow.ALL, STALE, true, true);
    assertExplained(Target.PROCESS, 0, "OutcomeUnknown", true, true);
  }

  @Test
  void unexplained_emptyCache_explainsLatenessAlone() {
    assertExplained(Target.CONTENTS, FaultWindow.ALL, "DeadlineExceeded", true, true);
    assertExplained(Target.CONTENTS, FaultWindow.ALL, STALE, true, true);
    assertExplained(Target.CONTENTS, FaultWindow.ALL, "Unavailable", false, false);
    assertExplained(Target.CONTENTS, FaultWindow.ALL, "OutcomeUnknown", false, false);
  }

  private static void assertExplained(
      Target target, int process, String error, boolean toItself, boolean toAnother) {
    var fault = new FaultWindow(1_000, 2_000, "cut", target, process);
    var strict = new ErrorCheck(List.of(fault), Duration.ofNanos(100));
    var answer = error.equals(STALE)
        ? new Answer.Value(1, 1, Tier.LOCAL, 0, "ERROR")
        : new Answer.Failed(error);
    var own = new Operation.Read(0, "k", 1_500, 1_600, answer, 0);
    var other = new Operation.Read(1, "k", 1_500, 1_600, answer, 0);
    assertThat(strict.unexplained(List.of(own)).isEmpty()).isEqualTo(toItself);
    assertThat(strict.unexplained(List.of(other)).isEmpty()).isEqualTo(toAnother);
  }

  @Test
  void unexplained_otherLabels_areNoErrors() {
    assertThat(check.unexplained(List.of(
            read(0, 10, new Answer.Value(1, 1, Tier.LOCAL, 0, "SUSPECT")),
            read(0, 10, new Answer.Value(1, 1, Tier.LOCAL, 0, "SOFT_TTL")))))
        .isEmpty();
    var stale = read(0, 10, new Answer.Value(1, 1, Tier.LOCAL, 0, "ERROR"));
    assertThat(check.unexplained(List.of(stale))).containsExactly(stale);
    assertThat(ErrorCheck.tell(stale, 0)).endsWith("read -> " + STALE);
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
