package dev.tiercel.testing.run;

import dev.tiercel.backend.Staleness;
import dev.tiercel.testing.check.Answer;
import dev.tiercel.testing.check.FaultWindow;
import dev.tiercel.testing.check.Operation;
import dev.tiercel.testing.check.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Finds the errors, and the answers given in place of errors, that no fault explains. */
final class ErrorCheck {

  private static final String ERROR = Staleness.ERROR.name();
  private static final String TOO_LATE = "DeadlineExceeded";

  /** Nobody was told of this error: an answer whose time was over was given instead. */
  private static final String STALE_IF_ERROR = "stale-if-error";

  /** What a fault can do to a call; nothing explains the others. */
  private static final Set<String> EXPLICABLE =
      Set.of(TOO_LATE, STALE_IF_ERROR, "OutcomeUnknown", "Overloaded", "Throttled", "Unavailable");

  /** What a call can come to when many loads are to be made at once. */
  private static final Set<String> CROWDED = Set.of(TOO_LATE, STALE_IF_ERROR);

  private final List<FaultWindow> faults;
  private final long graceNanos;

  /**
   * Prepares the check.
   *
   * @param faults what was broken, and when
   * @param grace for how long after its end a fault explains a call that begins
   */
  ErrorCheck(List<FaultWindow> faults, Duration grace) {
    this.faults = List.copyOf(faults);
    this.graceNanos = grace.toNanos();
  }

  List<Operation> unexplained(List<Operation> operations) {
    return operations.stream()
        .filter(operation ->
            error(operation).filter(error -> !explained(error, operation)).isPresent())
        .toList();
  }

  /**
   * The error an operation ended with, or met on its way; empty if it ended with none, or its
   * process did first.
   */
  static Optional<String> error(Operation operation) {
    if (operation instanceof Operation.Read read) {
      return error(read.answer());
    }
    return operation instanceof Operation.Write write
        ? error(write.outcome())
        : error(((Operation.Barrier) operation).outcome());
  }

  /** An operation that failed, in one line. */
  static String tell(Operation operation, long originNanos) {
    return Moments.between(operation.startNanos(), operation.endNanos(), originNanos)
        + "  process " + operation.process() + "  "
        + operation.getClass().getSimpleName().toLowerCase(Locale.ROOT) + " -> "
        + error(operation).orElse("no error");
  }

  private static Optional<String> error(Answer answer) {
    if (answer instanceof Answer.Failed failed) {
      return Optional.of(failed.error());
    }
    return answer instanceof Answer.Value value && value.staleness().equals(ERROR)
        ? Optional.of(STALE_IF_ERROR)
        : Optional.empty();
  }

  private static Optional<String> error(Outcome outcome) {
    if (outcome instanceof Outcome.Unknown unknown) {
      return Optional.of(unknown.error())
          .filter(error -> !error.equals(Outcome.Unknown.UNFINISHED));
    }
    return outcome instanceof Outcome.Refused refused
        ? Optional.of(refused.error())
        : Optional.empty();
  }

  private boolean explained(String error, Operation operation) {
    return EXPLICABLE.contains(error)
        && faults.stream()
            .anyMatch(fault -> excuses(fault, error, operation.process())
                && fault.startNanos() <= operation.endNanos()
                && fault.endNanos() + graceNanos >= operation.startNanos());
  }

  /**
   * A feed brings news, and no call waits for news alone. The ways of one process are of no concern
   * to another. And whoever finds the cache empty has to load, which may take too long and no more.
   */
  private static boolean excuses(FaultWindow fault, String error, int process) {
    return switch (fault.target()) {
      case FEED -> false;
      case DATA, SOURCE -> fault.concerns(process);
      case CONTENTS -> CROWDED.contains(error);
      case CACHE, PROCESS -> true;
    };
  }
}
