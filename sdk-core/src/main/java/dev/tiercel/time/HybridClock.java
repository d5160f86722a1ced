package dev.tiercel.time;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A hybrid logical clock: gives versions that follow the wall clock, never repeat and never go
 * back, and that are larger than every version it has been shown, unless that is absurdly far
 * ahead.
 *
 * <p>Lock-free and thread-safe.
 *
 * @see Version
 */
public final class HybridClock {

  /**
   * How far ahead of the wall clock a version may be and still carry the clock along. One that is
   * further ahead (a broken clock, a damaged record) is outrun for its own key only: the clock
   * would otherwise be stuck in the future for good.
   */
  private static final long MAX_DRIFT_MILLIS = Duration.ofHours(1).toMillis();

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
   * A version larger than {@code floor} and than every one given so far. A wall clock that runs
   * behind {@code floor} loses no write: the counter carries on from there, for every key if
   * {@code floor} is within an hour of the wall clock, else for this version alone.
   *
   * @throws IllegalArgumentException if {@code floor} is negative or the largest version there is
   */
  public long nextAfter(long floor) {
    if (floor < 0 || floor == Version.MAX) {
      throw new IllegalArgumentException("version: " + floor + " (expected: 0 to 2^63 - 2)");
    }
    var wall = Version.of(time.millis(), 0);
    if (floor > Version.of(time.millis() + MAX_DRIFT_MILLIS, 0)) {
      return floor + 1;
    }
    return last.updateAndGet(previous -> Math.max(wall, Math.max(previous, floor) + 1));
  }
}
