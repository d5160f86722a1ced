package dev.tiercel.guard;

import java.time.Duration;

/**
 * When an endpoint counts as down, and for how long it is left alone then.
 *
 * @param consecutive failures in a row that make it so, 1 to 1,000; 0 for never, whatever the rest
 *     says
 * @param failureRate the part of the results of {@code window} that makes it so when it failed,
 *     more than 0, at most 1
 * @param minResults results in the window below which the rate means nothing, at least 1
 * @param window over which time results are counted, at least 10 ms
 * @param holdDown for how long at most it is asked nothing at first; more than zero. It doubles
 *     while the endpoint goes on failing; half of it is left to chance
 * @param maxHoldDown what it grows to, at least {@code holdDown}
 * @param probes calls let through at once after that, at least 1; two successes bring it back
 */
public record BreakerPolicy(
    int consecutive,
    double failureRate,
    int minResults,
    Duration window,
    Duration holdDown,
    Duration maxHoldDown,
    int probes) {

  private static final int MOST_CONSECUTIVE = 1_000;

  /** Checks the bounds. */
  public BreakerPolicy {
    if (consecutive < 0 || consecutive > MOST_CONSECUTIVE) {
      throw new IllegalArgumentException("consecutive: " + consecutive + " (expected: 0 to 1000)");
    }
    if (!(failureRate > 0 && failureRate <= 1)) {
      throw new IllegalArgumentException(
          "failureRate: " + failureRate + " (expected: more than 0, at most 1)");
    }
    if (minResults < 1) {
      throw new IllegalArgumentException("minResults: " + minResults + " (expected: at least 1)");
    }
    if (window.compareTo(Duration.ofMillis(10)) < 0) {
      throw new IllegalArgumentException("window: " + window + " (expected: at least 10 ms)");
    }
    if (holdDown.isNegative() || holdDown.isZero()) {
      throw new IllegalArgumentException("holdDown: " + holdDown + " (expected: more than zero)");
    }
    if (maxHoldDown.compareTo(holdDown) < 0) {
      throw new IllegalArgumentException(
          "maxHoldDown: " + maxHoldDown + " (expected: at least " + holdDown + ")");
    }
    if (probes < 1) {
      throw new IllegalArgumentException("probes: " + probes + " (expected: at least 1)");
    }
  }

  /**
   * Down after 5 failures in a row, or when half of at least 10 results of 10 seconds are failures;
   * left alone for 100 ms, growing to a second; 2 probes.
   */
  public static BreakerPolicy defaults() {
    return new BreakerPolicy(
        5, 0.5, 10, Duration.ofSeconds(10), Duration.ofMillis(100), Duration.ofSeconds(1), 2);
  }

  /** Never down: calls are always let through. */
  public static BreakerPolicy off() {
    return defaults().consecutive(0);
  }

  /** Whether an endpoint can count as down at all. */
  public boolean isOn() {
    return consecutive > 0;
  }

  /** The same policy with another number of failures in a row. */
  public BreakerPolicy consecutive(int other) {
    return new BreakerPolicy(other, failureRate, minResults, window, holdDown, maxHoldDown, probes);
  }

  /** The same policy with another rate and the least number of results it is taken from. */
  public BreakerPolicy failureRate(double other, int ofAtLeast) {
    return new BreakerPolicy(consecutive, other, ofAtLeast, window, holdDown, maxHoldDown, probes);
  }

  /** The same policy with another window. */
  public BreakerPolicy window(Duration other) {
    return new BreakerPolicy(
        consecutive, failureRate, minResults, other, holdDown, maxHoldDown, probes);
  }

  /** The same policy with other times of being left alone. */
  public BreakerPolicy holdDown(Duration first, Duration most) {
    return new BreakerPolicy(consecutive, failureRate, minResults, window, first, most, probes);
  }

  /** The same policy with another number of probes at once. */
  public BreakerPolicy probes(int other) {
    return new BreakerPolicy(
        consecutive, failureRate, minResults, window, holdDown, maxHoldDown, other);
  }
}
