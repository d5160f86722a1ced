package dev.tiercel.guard;

import java.time.Duration;

/**
 * How many calls may be on their way to an endpoint, and what makes it more or fewer.
 *
 * @param initial calls in flight at the start, from {@code min} to {@code max}
 * @param min calls in flight that are always allowed, at least 1
 * @param max calls in flight that are never exceeded, at least {@code min}
 * @param tolerance how many times as long as without load the median answer may take, more than 1:
 *     above it the endpoint counts as congested. A server whose queue is random is used to about
 *     {@code tolerance / (tolerance + 1)} of what it can do
 * @param memory for how long an answer without load is remembered before it is doubted, more than
 *     zero
 */
public record LimiterPolicy(int initial, int min, int max, double tolerance, Duration memory) {

  /** Checks the bounds. */
  public LimiterPolicy {
    if (min < 1) {
      throw new IllegalArgumentException("min: " + min + " (expected: at least 1)");
    }
    if (max < min) {
      throw new IllegalArgumentException("max: " + max + " (expected: at least " + min + ")");
    }
    if (initial < min || initial > max) {
      throw new IllegalArgumentException(
          "initial: " + initial + " (expected: " + min + " to " + max + ")");
    }
    if (!(tolerance > 1)) {
      throw new IllegalArgumentException("tolerance: " + tolerance + " (expected: more than 1)");
    }
    if (memory.isNegative() || memory.isZero()) {
      throw new IllegalArgumentException("memory: " + memory + " (expected: more than zero)");
    }
  }

  /**
   * 256 calls, 4 when it has to be; eight times the median without load, 30 seconds. It begins with
   * all: whoever begins with few refuses what a healthy endpoint would have served.
   */
  public static LimiterPolicy defaults() {
    return new LimiterPolicy(256, 4, 256, 8, Duration.ofSeconds(30));
  }

  /** The same policy with another start. */
  public LimiterPolicy initial(int other) {
    return new LimiterPolicy(other, min, max, tolerance, memory);
  }

  /** The same policy with another lower bound; it begins with no less. */
  public LimiterPolicy min(int other) {
    return new LimiterPolicy(Math.max(initial, other), other, max, tolerance, memory);
  }

  /** The same policy with another upper bound; it begins with no more, and may go as low. */
  public LimiterPolicy max(int other) {
    return new LimiterPolicy(
        Math.min(initial, other), Math.min(min, other), other, tolerance, memory);
  }

  /** The same policy with another tolerance. */
  public LimiterPolicy tolerance(double other) {
    return new LimiterPolicy(initial, min, max, other, memory);
  }

  /** The same policy with another memory. */
  public LimiterPolicy memory(Duration other) {
    return new LimiterPolicy(initial, min, max, tolerance, other);
  }
}
