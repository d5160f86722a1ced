package dev.tiercel.testing.check;

import dev.tiercel.testing.check.Frontier.Mark;
import dev.tiercel.testing.check.Operation.Kind;
import dev.tiercel.testing.check.Operation.Write;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The removals of one key that may have been applied: what "absent" can be the word of. */
final class Removals {

  private final Frontier<Write> begun;

  /** By the largest version each can have. */
  private final List<Mark<Write>> ordered;

  Removals(List<Write> writes, ProcessOrder order) {
    ordered = new ArrayList<>();
    for (var write : writes) {
      if (write.kind() == Kind.REMOVE && !(write.outcome() instanceof Outcome.Refused)) {
        ordered.add(new Mark<>(write.startNanos(), order.largestVersion(write), write));
      }
    }
    ordered.sort(Comparator.comparingLong(Mark::rank));
    begun = Frontier.of(ordered);
  }

  /** The largest version of those that had begun by a moment; 0 if there are none. */
  long largest(long nanos) {
    var last = begun.before(nanos + 1);
    return last == null ? 0 : last.rank();
  }

  /**
   * The smallest version, no smaller than a floor, of those that had begun by a moment. One of
   * unknown outcome may have any version up to its largest.
   *
   * @return 0 if there is none
   */
  long smallest(long floor, long nanos) {
    for (int index = firstFrom(floor); index < ordered.size(); index++) {
      var mark = ordered.get(index);
      if (mark.time() <= nanos) {
        return anyUnknown(index, nanos) ? floor : mark.rank();
      }
    }
    return 0;
  }

  private boolean anyUnknown(int from, long nanos) {
    return ordered.subList(from, ordered.size()).stream()
        .anyMatch(mark -> mark.time() <= nanos && mark.what().outcome() instanceof Outcome.Unknown);
  }

  private int firstFrom(long floor) {
    int low = 0;
    int high = ordered.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ordered.get(middle).rank() < floor) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
