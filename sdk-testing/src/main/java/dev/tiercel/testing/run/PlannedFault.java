package dev.tiercel.testing.run;

import dev.tiercel.testing.check.FaultWindow;
import java.util.Locale;

/**
 * One fault of a plan.
 *
 * @param kind what happens
 * @param worker to which worker, counted from 0; for the engine of all, any
 * @param startMillis when it begins, after the run did
 * @param lengthMillis for how long
 * @param delayMillis by how much what is delayed is delayed; 0 for other kinds
 */
record PlannedFault(
    FaultKind kind, int worker, int startMillis, int lengthMillis, int delayMillis) {

  int endMillis() {
    return startMillis + lengthMillis;
  }

  /** What it was, once it is over. */
  FaultWindow window(long startNanos, long endNanos) {
    var process = kind.isOfOneWorker() ? worker : FaultWindow.ALL;
    return new FaultWindow(startNanos, endNanos, what(), kind.broken(), process);
  }

  /** What it is and whom it befalls, without the times. */
  String what() {
    return kind
        + (kind.isOfOneWorker() ? " of worker " + worker : "")
        + (delayMillis > 0 ? " by " + delayMillis + " ms" : "");
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%6.2f s to %6.2f s  %s", startMillis / 1e3, endMillis() / 1e3, what());
  }
}
