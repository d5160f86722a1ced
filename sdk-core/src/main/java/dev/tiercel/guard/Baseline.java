package dev.tiercel.guard;

import dev.tiercel.health.LatencyHistogram;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What answers to calls of one class took in a window, and what they take without load: the
 * smallest median of a window so far, until it is measured anew.
 *
 * <p>Recording is lock-free; everything else is done by one thread at a time.
 */
final class Baseline {

  /** Enough for the median of a window to be within about a third of the truth. */
  static final int ENOUGH = 48;

  /** What answers sooner than this answers without load: a pause of the process takes longer. */
  static final long QUICK_NANOS = 250_000;

  /** Enough to learn from when there is no more to be had. */
  private static final int SOME = 10;

  /**
   * How many times as long as without load is slow: a single queue is, at four in five of what it
   * can do.
   */
  private static final double SLOW = 5;

  private static final int MOST_GROWTH = 2;

  private final LatencyHistogram window = new LatencyHistogram();
  private final AtomicInteger count = new AtomicInteger();
  private volatile long nanos;
  private long least = Long.MAX_VALUE;
  private boolean slow;
  private long slowUntil;
  private boolean grown;
  private long grownNanos;
  private long before;

  /**
   * Notes an answer.
   *
   * @return how many the window has
   */
  int answered(long tookNanos) {
    window.record(tookNanos);
    return count.incrementAndGet();
  }

  /** What answers take without load, 0 if that is not known yet. */
  long nanos() {
    return nanos;
  }

  int count() {
    return count.get();
  }

  /**
   * Ends the window if it has enough answers; else it goes on.
   *
   * @param untilNanos for how long it counts if it was slow
   * @return how many times as long as without load they took, 0 if too few to say
   */
  double endWindow(long untilNanos) {
    if (count.get() < ENOUGH) {
      return 0;
    }
    var median = takeMedian();
    least = Math.min(least, median);
    if (nanos == 0 || median < nanos) {
      nanos = median;
    }
    var times = (double) median / yardstick();
    slow = times > SLOW;
    slowUntil = untilNanos;
    return times;
  }

  /** Whether the last window was slow, {@link #slowUntil} then. */
  boolean isSlow() {
    return slow;
  }

  long slowUntil() {
    return slowUntil;
  }

  private long yardstick() {
    return Math.max(nanos, QUICK_NANOS);
  }

  /**
   * Ends a window without load of our own: if it has some answers, that is what they take from now
   * on. But others may load the endpoint, too, and if each of them took that for normal, all would
   * ask for more together: so it grows slowly.
   *
   * @param sinceNanos when it was doubted what is known
   * @param memoryNanos in which time it may grow to no more than twice as much
   * @return whether they took longer than it may grow to now
   */
  boolean measured(long sinceNanos, long memoryNanos) {
    var some = count.get() >= SOME;
    var median = takeMedian();
    if (!some) {
      return false;
    }
    least = Long.MAX_VALUE;
    if (nanos == 0 || median <= nanos) {
      nanos = median;
      return false;
    }
    if (!grown || sinceNanos - grownNanos >= memoryNanos) {
      grown = true;
      grownNanos = sinceNanos;
      before = yardstick();
    }
    before = Math.min(before, yardstick());
    nanos = Math.min(median, MOST_GROWTH * before);
    return median > nanos;
  }

  /** Forgets the window and returns its median. */
  long takeMedian() {
    count.set(0);
    return window.takeMedian();
  }

  /** How many times as long even the best window took since this was asked for last. */
  double takeDrift() {
    var best = least;
    least = Long.MAX_VALUE;
    return nanos == 0 || best == Long.MAX_VALUE ? 0 : (double) best / yardstick();
  }
}
