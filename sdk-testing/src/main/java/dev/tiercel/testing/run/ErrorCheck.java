package dev.tiercel.testing.run;

import dev.tiercel.testing.check.Answer;
import dev.tiercel.testing.check.FaultWindow;
import dev.tiercel.testing.check.Operation;
import dev.tiercel.testing.check.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Finds the errors that no fault explains. */
final class ErrorCheck {

  /** What a fault can do to a call; nothing explains the others. */
  private static final Set<String> EXPLICABLE =
      Set.of("DeadlineExceeded", "OutcomeUnknown", "Overloaded", "Throttled", "Unavailable");

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

  /** The error an operation ended with; empty if it ended with none, or its process did first. */
  static Optional<String> error(Operation operation) {
    if (operation instanceof Operation.Read read) {
      return read.answer() instanceof Answer.Failed failed
          ? Optional.of(failed.error())
          : Optional.empty();
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
            .anyMatch(fault -> fault.startNanos() <= operation.endNanos()
                && fault.endNanos() + graceNanos >= operation.startNanos());
  }
}
