package dev.tiercel.testing.check;

import dev.tiercel.testing.check.Frontier.Mark;
import dev.tiercel.testing.check.Operation.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The order in which a process gives versions: it has one clock for all keys, so a write that had
 * ended has a smaller version than any that begins afterwards.
 */
final class ProcessOrder {

  /** Backwards: the time and the rank are negated, so that the next and smallest is asked for. */
  private final Map<Integer, Frontier<Write>> later = new HashMap<>();

  /** Of the writes of all keys. */
  ProcessOrder(List<Write> writes) {
    var byProcess = new HashMap<Integer, List<Mark<Write>>>();
    for (var write : writes) {
      if (write.outcome() instanceof Outcome.Acknowledged done && done.version() > 0) {
        byProcess
            .computeIfAbsent(write.process(), process -> new ArrayList<>())
            .add(new Mark<>(-write.startNanos(), -done.version(), write));
      }
    }
    byProcess.forEach((process, marks) -> later.put(process, Frontier.of(marks)));
  }

  /** The largest version a write can have; {@link Long#MAX_VALUE} if nothing tells. */
  long largestVersion(Write write) {
    if (write.outcome() instanceof Outcome.Acknowledged done) {
      return done.version();
    }
    var next = later.getOrDefault(write.process(), Frontier.empty()).before(-write.endNanos());
    return next == null ? Long.MAX_VALUE : -next.rank() - 1;
  }
}
