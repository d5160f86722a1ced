package dev.tiercel.testing.run;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is going to happen to whom and when, decided by a seed alone.
 *
 * @param faults in the order they begin, small latencies among them
 */
record FaultPlan(List<PlannedFault> faults) {

  FaultPlan {
    faults = List.copyOf(faults);
  }

  /**
   * Plans a run: cycles of one or two faults followed by quiet time. Every kind happens before any
   * happens for the second time.
   *
   * @param seed the same seed, the same plan
   * @param workers how many workers there are, at least 1
   * @param length how long the run takes
   * @param kinds the kinds that are possible here
   */
  static FaultPlan of(long seed, int workers, Duration length, Set<FaultKind> kinds) {
    return new Planning(seed, workers, Math.toIntExact(length.toMillis()), kinds).plan();
  }

  /** One line per fault. */
  @Override
  public String toString() {
    return faults.stream()
        .filter(fault -> fault.kind().isFault())
        .map(fault -> "  " + fault)
        .collect(Collectors.joining("\n"));
  }
}
