package dev.tiercel.testing.run;

import dev.tiercel.backend.Staleness;
import dev.tiercel.testing.check.Answer;
import dev.tiercel.testing.check.FaultWindow;
import dev.tiercel.testing.check.Operation;
import java.time.Duration;
import java.util.List;

/**
 * Tells the answers that are still suspect long after the last fault that concerns their process.
 * That is no violation: what the remote tier does not hold stays suspect until it is asked for and
 * refreshed. Many of them are worth a look.
 */
final class LateSuspicion {

  private static final Duration LONG = Duration.ofSeconds(10);
  private static final String SUSPECT = Staleness.SUSPECT.name();

  private final List<FaultWindow> faults;
  private final long patienceNanos;

  /** With the faults of the run, and the time that processes have to converge. */
  LateSuspicion(List<FaultWindow> faults, Duration convergence) {
    this.faults = List.copyOf(faults);
    this.patienceNanos = convergence.plus(LONG).toNanos();
  }

  boolean holds(Operation.Read read) {
    return read.answer() instanceof Answer.Value value
        && value.staleness().equals(SUSPECT)
        && faults.stream().noneMatch(fault -> touches(fault, read));
  }

  private boolean touches(FaultWindow fault, Operation.Read read) {
    return fault.concerns(read.process())
        && fault.startNanos() <= read.endNanos()
        && fault.endNanos() + patienceNanos >= read.startNanos();
  }
}
