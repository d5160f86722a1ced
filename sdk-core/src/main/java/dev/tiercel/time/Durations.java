package dev.tiercel.time;

import java.time.Duration;

/**
 * Durations as numbers, the absurdly long ones cut to what sums and differences of readings can
 * bear.
 */
public final class Durations {

  private static final Duration LONGEST_NANOS = Duration.ofNanos(Long.MAX_VALUE / 2);
  private static final Duration LONGEST_MILLIS = Duration.ofMillis(1L << 46);

  private Durations() {}

  /** In nanoseconds, about 146 years at most. */
  public static long nanos(Duration duration) {
    return (duration.compareTo(LONGEST_NANOS) > 0 ? LONGEST_NANOS : duration).toNanos();
  }

  /** In milliseconds, about 2,200 years at most. */
  public static long millis(Duration duration) {
    return (duration.compareTo(LONGEST_MILLIS) > 0 ? LONGEST_MILLIS : duration).toMillis();
  }
}
