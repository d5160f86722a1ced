package dev.tiercel.testing.check;

import dev.tiercel.testing.check.Frontier.Mark;
import dev.tiercel.testing.check.Operation.Kind;
import dev.tiercel.testing.check.Operation.Read;
import dev.tiercel.testing.check.Operation.Write;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What each process had written and read of one key: its later reads must not go back. */
final class Sessions {

  private final Removals removals;
  private final Map<Integer, Frontier<Operation>> written = new HashMap<>();
  private final Map<Integer, Frontier<Operation>> seen = new HashMap<>();

  Sessions(List<Write> writes, List<Read> reads, Removals removals) {
    this.removals = removals;
    var byWriter = new HashMap<Integer, List<Mark<Operation>>>();
    for (var write : writes) {
      if (write.outcome() instanceof Outcome.Acknowledged done) {
        byWriter
            .computeIfAbsent(write.process(), process -> new ArrayList<>())
            .add(new Mark<>(write.endNanos(), done.version(), write));
      }
    }
    byWriter.forEach((process, marks) -> written.put(process, Frontier.of(marks)));
    var byReader = new HashMap<Integer, List<Read>>();
    reads.forEach(read ->
        byReader.computeIfAbsent(read.process(), process -> new ArrayList<>()).add(read));
    byReader.forEach(this::follow);
  }

  /** The latest write that a process had acknowledged before a moment. */
  @Nullable
  Mark<Operation> writtenBy(int process, long nanos) {
    return written.getOrDefault(process, Frontier.empty()).before(nanos);
  }

  /** The read of a process that showed the latest version before a moment. */
  @Nullable
  Mark<Operation> readBy(int process, long nanos) {
    return seen.getOrDefault(process, Frontier.empty()).before(nanos);
  }

  private void follow(int process, List<Read> reads) {
    reads.sort(Comparator.comparingLong(Read::endNanos));
    var shown = new Frontier<Operation>();
    seen.put(process, shown);
    for (var read : reads) {
      var version = read.answer() instanceof Answer.Value value ? value.version() : leastOf(read);
      if (version > 0) {
        shown.add(new Mark<>(read.endNanos(), version, read));
      }
    }
  }

  /**
   * The least version of the state that a read without a value can have been told of: of all the
   * removals that explain it the first. 0 if it may have been the key's beginning, if nothing
   * explains it, or if it failed.
   */
  private long leastOf(Read read) {
    if (!(read.answer() instanceof Answer.Absent)) {
      return 0;
    }
    var floor = Math.max(
        read.atLeast(),
        Math.max(
            removedFrom(writtenBy(read.process(), read.startNanos())),
            removedFrom(readBy(read.process(), read.startNanos()))));
    return floor == 0 ? 0 : removals.smallest(floor, read.endNanos());
  }

  /** The least version a removal can have that comes after what is known: no two are the same. */
  private static long removedFrom(@Nullable Mark<Operation> known) {
    if (known == null || known.rank() == 0) {
      return 0;
    }
    return isValue(known.what()) ? known.rank() + 1 : known.rank();
  }

  private static boolean isValue(Operation operation) {
    return operation instanceof Read read
        ? read.answer() instanceof Answer.Value
        : operation instanceof Write write && write.kind() == Kind.PUT;
  }
}
