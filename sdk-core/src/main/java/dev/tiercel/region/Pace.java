package dev.tiercel.region;

import dev.tiercel.health.LatencyHistogram;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long calls of one size take in a region: the median of the last short while against what it
 * used to be.
 *
 * <p>Recording and asking is lock-free and thread-safe; windows are ended by one thread at a time.
 */
final class Pace {

  /** Enough for a median that one stray answer does not move. */
  static final int ENOUGH = 8;

  static final long WINDOW_NANOS = Duration.ofMillis(200).toNanos();

  /** What answers sooner than this is not slow, whatever it used to be. */
  private static final long QUICK_NANOS = 250_000;

  /** In which time the usual follows what has become a little longer. */
  private static final double MEMORY_NANOS = Duration.ofMinutes(5).toNanos();

  /** How quickly it follows what has become shorter, per window: that cannot be a fault. */
  private static final double FASTER = 0.25;

  private final LatencyHistogram window = new LatencyHistogram();
  private final AtomicInteger count = new AtomicInteger();
  private volatile long sinceNanos;
  private volatile long presentNanos;
  private volatile long usualNanos;

  Pace(long nowNanos) {
    sinceNanos = nowNanos;
  }

  void answered(long tookNanos) {
    window.record(tookNanos);
    count.incrementAndGet();
  }

  /** Whether the window has enough answers, and has lasted long enough, to be ended. */
  boolean isOver(long nowNanos) {
    return count.get() >= ENOUGH && nowNanos - sinceNanos >= WINDOW_NANOS;
  }

  /**
   * Ends the window.
   *
   * @param times how many times as long as usual is slow: what is slow is not learned
   * @return whether it was slow
   */
  boolean endWindow(double times, long nowNanos) {
    var lasted = nowNanos - sinceNanos;
    presentNanos = beginWindow(nowNanos);
    var slow = usualNanos > 0 && presentNanos > times * Math.max(usualNanos, QUICK_NANOS);
    if (!slow) {
      learn(lasted);
    }
    return slow;
  }

  private void learn(long lastedNanos) {
    var usual = usualNanos;
    if (usual == 0) {
      usualNanos = presentNanos;
    } else {
      var part = presentNanos < usual ? FASTER : Math.min(FASTER, lastedNanos / MEMORY_NANOS);
      usualNanos = usual + (long) (part * (presentNanos - usual));
    }
  }

  /** Begins a window, and returns the median of the one before. */
  long beginWindow(long nowNanos) {
    sinceNanos = nowNanos;
    count.set(0);
    return window.takeMedian();
  }

  /** The median of the last window, 0 if there was none. */
  long presentNanos() {
    return presentNanos;
  }

  /** What it used to be, 0 if that is not known. */
  long usualNanos() {
    return usualNanos;
  }
}
