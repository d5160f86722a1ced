package dev.tiercel.testing.check;

import dev.tiercel.testing.check.Frontier.Mark;
import dev.tiercel.testing.check.Operation.Kind;
import dev.tiercel.testing.check.Operation.Read;
import dev.tiercel.testing.check.Operation.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The versions that a read of one key owes: each rule names a moment, and what was acknowledged or
 * seen before it is the least the read may answer with.
 */
final class Obligations {

  private final Frontier<Operation> acknowledged;
  private final Frontier<Operation> known;
  private final Frontier<Operation> removals;
  private final Map<Integer, Frontier<Operation>> ownWrites;
  private final Map<Integer, Frontier<Operation>> ownReads;

  Obligations(List<Write> writes, List<Read> reads) {
    var acknowledgements = new ArrayList<Mark<Operation>>();
    var removes = new ArrayList<Mark<Operation>>();
    var byWriter = new HashMap<Integer, List<Mark<Operation>>>();
    for (var write : writes) {
      if (write.kind() == Kind.REMOVE && !(write.outcome() instanceof Outcome.Refused)) {
        removes.add(new Mark<>(write.startNanos(), largestVersion(write), write));
      }
      if (write.outcome() instanceof Outcome.Acknowledged done) {
        var mark = new Mark<Operation>(write.endNanos(), done.version(), write);
        acknowledgements.add(mark);
        byWriter.computeIfAbsent(write.process(), process -> new ArrayList<>()).add(mark);
      }
    }
    var all = new ArrayList<>(acknowledgements);
    all.addAll(shown(writes, reads));
    acknowledged = Frontier.of(acknowledgements);
    known = Frontier.of(all);
    removals = Frontier.of(removes);
    ownWrites = frontiers(byWriter);
    ownReads = frontiers(byReader(reads));
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

  /** The latest write that a process had acknowledged before a moment. */
  @Nullable
  Mark<Operation> writtenBy(int process, long nanos) {
    return ownWrites.getOrDefault(process, Frontier.empty()).before(nanos);
  }

  /** The read of a process that had answered with the latest version before a moment. */
  @Nullable
  Mark<Operation> readBy(int process, long nanos) {
    return ownReads.getOrDefault(process, Frontier.empty()).before(nanos);
  }

  /**
   * The version a read answered with. "Absent" can be the word of any removal that had begun by
   * then, so it counts as the latest of them; and of the key's beginning, before all writes.
   */
  long answered(Read read) {
    if (read.answer() instanceof Answer.Value value) {
      return value.version();
    }
    var removal = removals.before(read.endNanos() + 1);
    return removal == null ? 0 : removal.rank();
  }

  private static long largestVersion(Write write) {
    return write.outcome() instanceof Outcome.Acknowledged done ? done.version() : Long.MAX_VALUE;
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

  private static Map<Integer, List<Mark<Operation>>> byReader(List<Read> reads) {
    var byReader = new HashMap<Integer, List<Mark<Operation>>>();
    for (var read : reads) {
      if (read.answer() instanceof Answer.Value value) {
        byReader
            .computeIfAbsent(read.process(), process -> new ArrayList<>())
            .add(new Mark<>(read.endNanos(), value.version(), read));
      }
    }
    return byReader;
  }

  private static Map<Integer, Frontier<Operation>> frontiers(
      Map<Integer, List<Mark<Operation>>> marks) {
    var frontiers = new HashMap<Integer, Frontier<Operation>>();
    marks.forEach((process, own) -> frontiers.put(process, Frontier.of(own)));
    return frontiers;
  }
}
