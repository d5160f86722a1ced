package dev.tiercel.samples.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.results.RunResult;

/**
 * What one fork measured of one benchmark, per operation.
 *
 * @param nanos time on the clock
 * @param cpuNanos processor time of the whole process
 * @param callerBytes allocated by the threads that call
 * @param bytes allocated by the whole process, maintenance of caches on other threads included
 */
record Measured(double nanos, double cpuNanos, double callerBytes, double bytes) {

  /** Reads what JMH, its GC profiler and {@link CostProfiler} found. */
  static Measured of(RunResult run) {
    return new Measured(
        run.getPrimaryResult().getScore(),
        secondary(run, CostProfiler.CPU),
        secondary(run, CostProfiler.CALLER_BYTES),
        secondary(run, "gc.alloc.rate.norm"));
  }

  /** The median of each figure over the rounds; at least one. */
  static Measured median(List<Measured> rounds) {
    return new Measured(
        median(rounds, Measured::nanos),
        median(rounds, Measured::cpuNanos),
        median(rounds, Measured::callerBytes),
        median(rounds, Measured::bytes));
  }

  private static double median(List<Measured> rounds, ToDoubleFunction<Measured> figure) {
    return median(rounds.stream().mapToDouble(figure).toArray());
  }

  /** The middle value, or the mean of the two in the middle. */
  static double median(double[] values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    var middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static double secondary(RunResult run, String name) {
    var result = run.getSecondaryResults().get(name);
    if (result == null) {
      throw new IllegalStateException("result: no " + name + " (expected: one)");
    }
    return result.getScore();
  }
}
