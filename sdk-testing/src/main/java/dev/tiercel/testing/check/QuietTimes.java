package dev.tiercel.testing.check;

import dev.tiercel.testing.check.Frontier.Mark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** When nothing was broken that could have kept a process from hearing of changes. */
final class QuietTimes {

  private final List<FaultWindow> faults;
  private final Frontier<FaultWindow> everybodys;
  private final Map<Integer, Frontier<FaultWindow>> own = new HashMap<>();

  QuietTimes(List<FaultWindow> faults) {
    this.faults = faults;
    var ofAll = new ArrayList<Mark<FaultWindow>>();
    var byProcess = new HashMap<Integer, List<Mark<FaultWindow>>>();
    for (var fault : faults) {
      var marks = fault.reachesOthers()
          ? ofAll
          : byProcess.computeIfAbsent(fault.process(), process -> new ArrayList<>());
      marks.add(new Mark<>(fault.startNanos(), fault.endNanos(), fault));
    }
    everybodys = Frontier.of(ofAll);
    byProcess.forEach((process, marks) -> own.put(process, Frontier.of(marks)));
  }

  /** Whether nothing was broken for a process between two moments, both included. */
  boolean quiet(int process, long fromNanos, long toNanos) {
    return quiet(everybodys, fromNanos, toNanos)
        && quiet(own.getOrDefault(process, Frontier.empty()), fromNanos, toNanos);
  }

  private static boolean quiet(Frontier<FaultWindow> begun, long fromNanos, long toNanos) {
    // Of all faults that began by then, the one that lasted longest.
    var fault = begun.before(toNanos + 1);
    return fault == null || fault.rank() < fromNanos;
  }

  /** What was broken at any time between two moments. */
  List<FaultWindow> between(long fromNanos, long toNanos) {
    return faults.stream().filter(fault -> fault.overlaps(fromNanos, toNanos)).toList();
  }
}
