package dev.tiercel.time;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A hybrid logical clock: gives versions that follow the wall clock, never repeat and never go back, and that are larger
 * than every version it has been shown.
 *
 * <p>Lock-free and thread-safe.
 *
 * @see Version
 */
public final class HybridClock {

  private final Time time;
  private final AtomicLong last = new AtomicLong();

  /**
   * Starts at the wall clock.
   *
   * @param time the wall clock to follow
   */
  public HybridClock(Time time) {
    this.time = time;
  }

  /** A version larger than every one given or observed so far. */
  public long next() {
    return nextAfter(Version.NONE);
  }

  /**
   * A version larger than {@code floor} and than every one given or observed so far. A wall clock that runs behind
   * {@code floor} loses no write: the counter carries on from there.
   *
   * @throws IllegalArgumentException if {@code floor} is negative or the largest version there is
   */
  public long nextAfter(long floor) {
    if (floor < 0 || floor == Version.MAX) {
      throw new IllegalArgumentException("version: " + floor + " (expected: 0 to 2^63 - 2)");
    }
    var wall = Version.of(time.millis(), 0);
    return last.updateAndGet(previous -> Math.max(wall, Math.max(previous, floor) + 1));
  }
}
