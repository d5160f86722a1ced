package dev.tiercel.testing.run;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/**
 * What to run. Immutable; start from {@link #of}.
 *
 * @param keyspace the name of the keyspace's class, a {@link KeyspaceUnderTest}
 * @param processes how many processes use it, 1 to 16
 * @param length for how long, 1 s to 1 h, the start of the processes and the check aside
 * @param seed decides the faults and what the processes do
 * @param faults whether there are any
 * @param without mechanisms to be switched off in the processes (the system property
 *     {@code tiercel.test.without}); if there are any, the run is expected to find violations
 */
public record CheckPlan(
    String keyspace,
    int processes,
    Duration length,
    long seed,
    boolean faults,
    Set<String> without) {

  /** What the core can be told to go without. */
  private static final TreeSet<String> MECHANISMS =
      new TreeSet<>(Set.of("fence", "lease", "suspect"));

  private static final int MOST_PROCESSES = 16;
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofHours(1);

  /** Checks the bounds. */
  public CheckPlan {
    WorkerOrder.requireKeyspace(keyspace);
    if (processes < 1 || processes > MOST_PROCESSES) {
      throw new IllegalArgumentException(
          "processes: " + processes + " (expected: 1 to " + MOST_PROCESSES + ")");
    }
    if (length.compareTo(SHORTEST) < 0 || length.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("length: " + length + " (expected: 1 s to 1 h)");
    }
    without = Set.copyOf(without);
    if (!MECHANISMS.containsAll(without)) {
      throw new IllegalArgumentException(
          "without: " + new TreeSet<>(without) + " (expected: " + MECHANISMS + ")");
    }
  }

  /** Three processes for a minute, seed 1, with faults, nothing switched off. */
  public static CheckPlan of(Class<? extends KeyspaceUnderTest> keyspace) {
    return of(keyspace.getName());
  }

  /** The same for a class by its name. */
  public static CheckPlan of(String keyspace) {
    return new CheckPlan(keyspace, 3, Duration.ofSeconds(60), 1, true, Set.of());
  }

  /** The same plan with another number of processes. */
  public CheckPlan processes(int count) {
    return new CheckPlan(keyspace, count, length, seed, faults, without);
  }

  /** The same plan for another time. */
  public CheckPlan length(Duration time) {
    return new CheckPlan(keyspace, processes, time, seed, faults, without);
  }

  /** The same plan with another seed. */
  public CheckPlan seed(long other) {
    return new CheckPlan(keyspace, processes, length, other, faults, without);
  }

  /** The same plan with faults, or with none. */
  public CheckPlan faults(boolean some) {
    return new CheckPlan(keyspace, processes, length, seed, some, without);
  }

  /** The same plan with mechanisms switched off. */
  public CheckPlan without(Set<String> mechanisms) {
    return new CheckPlan(keyspace, processes, length, seed, faults, mechanisms);
  }

  /** What is switched off, as the system property has it. */
  String switches() {
    return String.join(",", new TreeSet<>(without));
  }
}
