package dev.tiercel.redis;

import java.time.Duration;

/**
 * Times to live as Redis takes them: whole milliseconds, at least one and not so many that it
 * refuses them.
 */
final class Durations {

  /** About a century. */
  private static final long MOST = 100L * 366 * 24 * 60 * 60 * 1000;

  private Durations() {}

  /** A time to live that is more than zero. */
  static long millis(Duration duration) {
    return duration.toSeconds() >= MOST / 1000 ? MOST : millis(duration.toMillis());
  }

  /** A time to live that is more than zero. */
  static long millis(long millis) {
    return Math.max(1, Math.min(millis, MOST));
  }
}
