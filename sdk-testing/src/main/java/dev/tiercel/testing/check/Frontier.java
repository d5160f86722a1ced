package dev.tiercel.testing.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Things with a time and a rank, to be asked for the highest rank before a moment: sorted once,
 * then a binary search each.
 */
final class Frontier<E> {

  private static final Frontier<?> EMPTY = new Frontier<>();
  private static final int FIRST_CAPACITY = 8;

  private long[] times = new long[FIRST_CAPACITY];
  private final List<Mark<E>> highest = new ArrayList<>();

  /** One thing: {@code what} happened at {@code time} and ranks as {@code rank}. */
  record Mark<E>(long time, long rank, E what) {}

  static <E> Frontier<E> of(List<Mark<E>> marks) {
    var frontier = new Frontier<E>();
    marks.stream().sorted(Comparator.comparingLong(Mark::time)).forEach(frontier::add);
    return frontier;
  }

  /** One without anything, to be asked only. */
  @SuppressWarnings("unchecked") // holds nothing
  static <E> Frontier<E> empty() {
    return (Frontier<E>) EMPTY;
  }

  /** Adds what happened after everything else, or at the time of the last. */
  void add(Mark<E> mark) {
    var best = last();
    if (highest.size() == times.length) {
      times = Arrays.copyOf(times, 2 * times.length);
    }
    times[highest.size()] = mark.time;
    highest.add(best == null || mark.rank > best.rank ? mark : best);
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
    int high = highest.size();
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
