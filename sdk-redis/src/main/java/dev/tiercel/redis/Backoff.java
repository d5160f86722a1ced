package dev.tiercel.redis;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after a failure, with full jitter: any time from zero to a ceiling that doubles
 * with each failure in a row, so that clients do not return together.
 *
 * @param first the ceiling after the first failure
 * @param most the ceiling after many
 */
record Backoff(Duration first, Duration most) {

  private static final int MAX_DOUBLINGS = 30;

  /** 10 ms, up to 1 s. */
  static Backoff defaults() {
    return new Backoff(Duration.ofMillis(10), Duration.ofSeconds(1));
  }

  /**
   * The wait after a failure, in nanoseconds.
   *
   * @param failures how many there were in a row, at least 1
   * @param random where chance comes from
   */
  long nanosAfter(int failures, RandomGenerator random) {
    var doublings = Math.min(failures - 1, MAX_DOUBLINGS);
    // Compared before it is doubled, which could overflow.
    var ceiling = first.toNanos() > most.toNanos() >> doublings
        ? most.toNanos()
        : first.toNanos() << doublings;
    return random.nextLong(ceiling + 1);
  }
}
