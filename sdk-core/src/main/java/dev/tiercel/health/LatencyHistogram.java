package dev.tiercel.health;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Counts of latencies, each within an eighth of its value, from about a microsecond to about 18
 * minutes; what lies outside counts as the nearest.
 *
 * <p>Thread-safe and lock-free: a value recorded while the counts are taken is counted now or the
 * next time.
 */
public final class LatencyHistogram {

  private static final int SUB_BITS = 3;
  private static final int SUB = 1 << SUB_BITS;
  private static final int LOWEST = 10;
  private static final int OCTAVES = 30;

  private final AtomicIntegerArray counts = new AtomicIntegerArray(OCTAVES * SUB);

  /** An empty one. */
  public LatencyHistogram() {}

  /** Counts a latency in nanoseconds. */
  public void record(long nanos) {
    counts.getAndIncrement(index(nanos));
  }

  /**
   * The median of what was recorded since the last time, and forgets it.
   *
   * @return in nanoseconds, 0 if there was nothing
   */
  public long takeMedian() {
    var taken = new int[counts.length()];
    var total = 0;
    for (var index = 0; index < taken.length; index++) {
      taken[index] = counts.get(index) == 0 ? 0 : counts.getAndSet(index, 0);
      total += taken[index];
    }
    return total == 0 ? 0 : value(half(taken, total));
  }

  private static int half(int[] taken, int total) {
    var index = 0;
    for (var seen = taken[0]; 2 * seen < total; seen += taken[index]) {
      index++;
    }
    return index;
  }

  private static int index(long nanos) {
    var within = Math.min(Math.max(nanos, 1L << LOWEST), (1L << (LOWEST + OCTAVES)) - 1);
    var octave = Long.SIZE - 1 - Long.numberOfLeadingZeros(within);
    var sub = (int) (within >> (octave - SUB_BITS)) & (SUB - 1);
    return (octave - LOWEST) * SUB + sub;
  }

  /** The middle of a cell. */
  private static long value(int index) {
    var octave = LOWEST + index / SUB;
    var lower = (1L << octave) + ((long) (index % SUB) << (octave - SUB_BITS));
    return lower + (1L << (octave - SUB_BITS - 1));
  }
}
