package dev.tiercel.testing.check;

import dev.tiercel.time.Durations;
import java.time.Duration;
import java.util.List;

/**
 * What a history is held against.
 *
 * @param maxStaleness the keyspace's bound
 * @param convergence how long after a write, or after the last fault, every answer that calls
 *     itself fresh must know of the write
 * @param tolerance how far ages may be off: clocks that are compared between processes, and whole
 *     milliseconds
 * @param faults what was broken, and when, in any order
 */
public record Rules(
    Duration maxStaleness, Duration convergence, Duration tolerance, List<FaultWindow> faults) {

  /** Checks the bounds and copies the list. */
  public Rules {
    notNegative("maxStaleness", maxStaleness);
    notNegative("convergence", convergence);
    notNegative("tolerance", tolerance);
    faults = List.copyOf(faults);
  }

  /**
   * Three seconds to converge, a tolerance of 50 ms, and no faults.
   *
   * @param maxStaleness the keyspace's bound
   */
  public static Rules of(Duration maxStaleness) {
    return new Rules(maxStaleness, Duration.ofSeconds(3), Duration.ofMillis(50), List.of());
  }

  /** The same rules with another time to converge. */
  public Rules convergence(Duration time) {
    return new Rules(maxStaleness, time, tolerance, faults);
  }

  /** The same rules with another tolerance. */
  public Rules tolerance(Duration time) {
    return new Rules(maxStaleness, convergence, time, faults);
  }

  /** The same rules with these faults. */
  public Rules faults(List<FaultWindow> windows) {
    return new Rules(maxStaleness, convergence, tolerance, windows);
  }

  long maxStalenessNanos() {
    return Durations.nanos(maxStaleness);
  }

  long convergenceNanos() {
    return Durations.nanos(convergence);
  }

  long toleranceNanos() {
    return Durations.nanos(tolerance);
  }

  private static void notNegative(String name, Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException(name + ": " + duration + " (expected: zero or more)");
    }
  }
}
