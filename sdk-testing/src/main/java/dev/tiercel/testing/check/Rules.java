package dev.tiercel.testing.check;

import dev.tiercel.time.Durations;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a history is held against.
 *
 * @param maxStaleness the keyspace's bound
 * @param convergence how long after a write, or after the last fault, every answer that calls
 *     itself fresh must know of the write
 * @param tolerance how far ages may be off: clocks that are compared between processes, and whole
 *     milliseconds
 * @param faults what was broken, and when, in any order
 * @param held the rules it is held against: all, unless the keyspace does not promise some
 */
public record Rules(
    Duration maxStaleness,
    Duration convergence,
    Duration tolerance,
    List<FaultWindow> faults,
    Set<Rule> held) {

  /** Checks the bounds and copies the collections. */
  public Rules {
    notNegative("maxStaleness", maxStaleness);
    notNegative("convergence", convergence);
    notNegative("tolerance", tolerance);
    faults = List.copyOf(faults);
    held = Set.copyOf(held);
  }

  /**
   * Every rule, three seconds to converge, a tolerance of 50 ms, and no faults.
   *
   * @param maxStaleness the keyspace's bound
   */
  public static Rules of(Duration maxStaleness) {
    return new Rules(
        maxStaleness,
        Duration.ofSeconds(3),
        Duration.ofMillis(50),
        List.of(),
        EnumSet.allOf(Rule.class));
  }

  /** The same rules with another time to converge. */
  public Rules convergence(Duration time) {
    return new Rules(maxStaleness, time, tolerance, faults, held);
  }

  /** The same rules with another tolerance. */
  public Rules tolerance(Duration time) {
    return new Rules(maxStaleness, convergence, time, faults, held);
  }

  /** The same rules with these faults. */
  public Rules faults(List<FaultWindow> windows) {
    return new Rules(maxStaleness, convergence, tolerance, windows, held);
  }

  /**
   * The same, holding a history against some of the rules only. Between regions that replicate
   * asynchronously, say, an answer can be older than its age says, and is not taken back in time.
   *
   * @param rules those that the keyspace promises
   */
  public Rules only(Set<Rule> rules) {
    return new Rules(maxStaleness, convergence, tolerance, faults, rules);
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
