package dev.tiercel.testing.check;

import dev.tiercel.testing.check.Frontier.Mark;
import dev.tiercel.testing.check.Operation.Read;
import dev.tiercel.testing.check.Operation.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The versions that a read of one key owes: each rule names a moment, and what was acknowledged or
 * seen before it is the least the read may answer with.
 */
final class Obligations {

  private final Frontier<Operation> acknowledged;
  private final Frontier<Operation> known;
  private final Removals removals;
  private final Sessions sessions;

  Obligations(List<Write> writes, List<Read> reads, ProcessOrder order) {
    var acknowledgements = new ArrayList<Mark<Operation>>();
    for (var write : writes) {
      if (write.outcome() instanceof Outcome.Acknowledged done) {
        acknowledgements.add(new Mark<>(write.endNanos(), done.version(), write));
      }
    }
    var all = new ArrayList<>(acknowledgements);
    all.addAll(shown(writes, reads));
    acknowledged = Frontier.of(acknowledgements);
    known = Frontier.of(all);
    removals = new Removals(writes, order);
    sessions = new Sessions(writes, reads, removals);
  }

  /** The latest acknowledged write, by its version. */
  @Nullable
  Mark<Operation> latest() {
    return acknowledged.last();
  }

  /** The latest write acknowledged before a moment. */
  @Nullable
  Mark<Operation> acknowledgedBefore(long nanos) {
    return acknowledged.before(nanos);
  }

  /** The latest write acknowledged, or shown by a read to have been applied, before a moment. */
  @Nullable
  Mark<Operation> knownBefore(long nanos) {
    return known.before(nanos);
  }

  /** What each process had written and read. */
  Sessions sessions() {
    return sessions;
  }

  /**
   * The version a read answered with. "Absent" can be the word of any removal that had begun by
   * then, so it counts as the latest of them; and of the key's beginning, before all writes.
   */
  long answered(Read read) {
    return read.answer() instanceof Answer.Value value
        ? value.version()
        : removals.largest(read.endNanos());
  }

  /** Of each write of unknown outcome the first read that shows that it was applied after all. */
  private static List<Mark<Operation>> shown(List<Write> writes, List<Read> reads) {
    var unknown = new HashMap<Long, @Nullable Mark<Operation>>();
    for (var write : writes) {
      if (write.outcome() instanceof Outcome.Unknown) {
        unknown.put(write.id(), null);
      }
    }
    if (unknown.isEmpty()) {
      return List.of();
    }
    for (var read : reads) {
      if (read.answer() instanceof Answer.Value value && unknown.containsKey(value.id())) {
        var mark = new Mark<Operation>(read.endNanos(), value.version(), read);
        unknown.merge(value.id(), mark, (one, other) -> other.time() < one.time() ? other : one);
      }
    }
    var marks = new ArrayList<Mark<Operation>>();
    for (var mark : unknown.values()) {
      if (mark != null) {
        marks.add(mark);
      }
    }
    return marks;
  }
}
