package dev.tiercel.samples.benchmarks.sim;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** One policy's storms at one utilisation, a run for each seed. */
record StormFigures(List<StormOutcome> runs) {

  double meanFailureRate() {
    return mean(StormOutcome::failureRate);
  }

  double worstFailureRate() {
    return worst(StormOutcome::failureRate);
  }

  double meanMillisBefore() {
    return mean(StormOutcome::millisBefore);
  }

  double worstLoad() {
    return worst(StormOutcome::load);
  }

  double meanLoad() {
    return mean(StormOutcome::load);
  }

  /** Infinite if it did not recover with one of the seeds. */
  double worstRecoverySeconds() {
    return worst(run -> run.recovery().map(Storm::seconds).orElse(Double.POSITIVE_INFINITY));
  }

  double meanFailureRateBefore() {
    return mean(StormOutcome::failureRateBefore);
  }

  /** By how much its failure rate is higher than another policy's, in the worst of the seeds. */
  double failsMoreThan(StormFigures other) {
    var worst = Double.NEGATIVE_INFINITY;
    for (var seed = 0; seed < runs.size(); seed++) {
      var more = runs.get(seed).failureRate() - other.runs.get(seed).failureRate();
      worst = Math.max(worst, more);
    }
    return worst;
  }

  /** The latencies of all runs, in nanoseconds. */
  Histogram latencies() {
    var all = runs.get(0).latencies().copy();
    runs.stream().skip(1).forEach(run -> all.add(run.latencies()));
    return all;
  }

  private double mean(ToDoubleFunction<StormOutcome> figure) {
    return runs.stream().mapToDouble(figure).average().orElseThrow();
  }

  private double worst(ToDoubleFunction<StormOutcome> figure) {
    return runs.stream().mapToDouble(figure).max().orElseThrow();
  }
}
