package dev.tiercel.testing.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Things with a time and a rank, to be asked for the highest rank before a moment: sorted once,
 * then a binary search each.
 */
final class Frontier<E> {

  private static final Frontier<?> EMPTY = new Frontier<>(List.of());

  private final long[] times;
  private final List<Mark<E>> highest;

  /** One thing: {@code what} happened at {@code time} and ranks as {@code rank}. */
  record Mark<E>(long time, long rank, E what) {}

  private Frontier(List<Mark<E>> sorted) {
    times = new long[sorted.size()];
    highest = new ArrayList<>(sorted.size());
    Mark<E> best = null;
    for (int index = 0; index < times.length; index++) {
      var mark = sorted.get(index);
      times[index] = mark.time;
      best = best == null || mark.rank > best.rank ? mark : best;
      highest.add(best);
    }
  }

  static <E> Frontier<E> of(List<Mark<E>> marks) {
    var sorted = new ArrayList<>(marks);
    sorted.sort(Comparator.comparingLong(Mark::time));
    return new Frontier<>(sorted);
  }

  @SuppressWarnings("unchecked") // holds nothing
  static <E> Frontier<E> empty() {
    return (Frontier<E>) EMPTY;
  }

  /** What ranks highest of all that happened before a moment; null if nothing did. */
  @Nullable
  Mark<E> before(long time) {
    var count = countBefore(time);
    return count == 0 ? null : highest.get(count - 1);
  }

  /** What ranks highest of all; null if there is nothing. */
  @Nullable
  Mark<E> last() {
    return highest.isEmpty() ? null : highest.get(highest.size() - 1);
  }

  private int countBefore(long time) {
    int low = 0;
    int high = times.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (times[middle] < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
