package dev.tiercel.guard;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What answers to calls of one size took in a window, and what they take without load: the smallest
 * median of a window so far, until it is measured anew.
 *
 * <p>Recording is lock-free; everything else is done by one thread at a time.
 */
final class Baseline {

  /** Enough for the median of a window to be within about a third of the truth. */
  static final int ENOUGH = 48;

  /** Enough to learn from when there is no more to be had. */
  private static final int SOME = 10;

  /** What answers sooner than this answers without load: a pause of the process takes longer. */
  private static final long QUICK_NANOS = 250_000;

  private final LatencyHistogram window = new LatencyHistogram();
  private final AtomicInteger count = new AtomicInteger();
  private volatile long nanos;
  private long least = Long.MAX_VALUE;

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
   * @return how many times as long as without load they took, 0 if too few to say
   */
  double endWindow() {
    if (count.get() < ENOUGH) {
      return 0;
    }
    var median = takeMedian();
    least = Math.min(least, median);
    if (nanos == 0 || median < nanos) {
      nanos = median;
    }
    return (double) median / Math.max(nanos, QUICK_NANOS);
  }

  /** Ends a window without load: if it has some answers, that is what they take from now on. */
  void measured() {
    if (count.get() >= SOME) {
      nanos = takeMedian();
      least = Long.MAX_VALUE;
    } else {
      takeMedian();
    }
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
    return nanos == 0 || best == Long.MAX_VALUE ? 0 : (double) best / nanos;
  }
}
