package dev.tiercel.guard;

import java.time.Duration;

/**
 * How often a call is made, and how long the pauses between are.
 *
 * @param maxAttempts calls altogether, at least 1
 * @param base the longest pause before the second attempt, more than zero; it doubles with each
 *     further one. Each pause is chosen by chance between zero and that
 * @param cap what the longest pause grows to, at least {@code base}
 */
public record RetryPolicy(int maxAttempts, Duration base, Duration cap) {

  private static final int MOST_DOUBLINGS = 30;

  /** Checks the bounds. */
  public RetryPolicy {
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("maxAttempts: " + maxAttempts + " (expected: at least 1)");
    }
    if (base.isNegative() || base.isZero()) {
      throw new IllegalArgumentException("base: " + base + " (expected: more than zero)");
    }
    if (cap.compareTo(base) < 0) {
      throw new IllegalArgumentException("cap: " + cap + " (expected: at least " + base + ")");
    }
  }

  /** Three attempts, pauses of up to 10 ms and 20 ms. */
  public static RetryPolicy defaults() {
    return new RetryPolicy(3, Duration.ofMillis(10), Duration.ofMillis(200));
  }

  /** One attempt. */
  public static RetryPolicy off() {
    return defaults().maxAttempts(1);
  }

  /** The same policy with another number of attempts. */
  public RetryPolicy maxAttempts(int other) {
    return new RetryPolicy(other, base, cap);
  }

  /** The same policy with other pauses. */
  public RetryPolicy pauses(Duration first, Duration longest) {
    return new RetryPolicy(maxAttempts, first, longest);
  }

  /**
   * The pause before the next attempt: "full jitter", which of the ways compared in Marc Brooker's
   * "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015) makes the least work.
   *
   * @param attempts how many were made, at least 1
   * @param fraction where in its range it lies, from 0 to 1
   */
  Duration pause(int attempts, double fraction) {
    var longest = base.toNanos() * Math.pow(2, Math.min(MOST_DOUBLINGS, attempts - 1));
    return Duration.ofNanos((long) (Math.min(cap.toNanos(), longest) * fraction));
  }
}
