package dev.tiercel.testing.check;

import java.util.ArrayList;
import java.util.List;

/** When nothing was broken. */
final class QuietTimes {

  private final List<FaultWindow> faults;
  private final Frontier<FaultWindow> begun;

  QuietTimes(List<FaultWindow> faults) {
    this.faults = faults;
    var marks = new ArrayList<Frontier.Mark<FaultWindow>>();
    faults.forEach(
        fault -> marks.add(new Frontier.Mark<>(fault.startNanos(), fault.endNanos(), fault)));
    this.begun = Frontier.of(marks);
  }

  /** Whether nothing was broken at any time between two moments, both included. */
  boolean quiet(long fromNanos, long toNanos) {
    // Of all faults that began by then, the one that lasted longest.
    var fault = begun.before(toNanos + 1);
    return fault == null || fault.rank() < fromNanos;
  }

  /** What was broken at any time between two moments. */
  List<FaultWindow> between(long fromNanos, long toNanos) {
    return faults.stream().filter(fault -> fault.overlaps(fromNanos, toNanos)).toList();
  }
}
