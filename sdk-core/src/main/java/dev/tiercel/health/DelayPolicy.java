package dev.tiercel.health;

import java.time.Duration;
import java.util.Objects;

/**
 * When a read counts as slow.
 *
 * @param enabled whether any does
 * @param quantile which part of the reads does not: one is slow once it has taken longer than so
 *     many others do; above 0 and below 1
 * @param floor the shortest time after which one is, more than zero
 * @param cap the longest, at least {@code floor}
 * @param warmUp answers that must be known, of each kind of read, before any is; at least 1
 * @param window of which past the quantile is, more than zero; longer while reads are so rare that
 *     it would hold too few of them
 */
public record DelayPolicy(
    boolean enabled, double quantile, Duration floor, Duration cap, int warmUp, Duration window) {

  /** Checks the bounds. */
  public DelayPolicy {
    if (!(quantile > 0 && quantile < 1)) {
      throw new IllegalArgumentException(
          "quantile: " + quantile + " (expected: above 0 and below 1)");
    }
    requirePositive("floor", floor);
    requirePositive("window", window);
    Objects.requireNonNull(cap, "cap");
    if (cap.compareTo(floor) < 0) {
      throw new IllegalArgumentException("cap: " + cap + " (expected: at least " + floor + ")");
    }
    if (warmUp < 1) {
      throw new IllegalArgumentException("warmUp: " + warmUp + " (expected: at least 1)");
    }
  }

  private static void requirePositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: more than zero)");
    }
  }
}
