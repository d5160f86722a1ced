package dev.tiercel.samples.benchmarks.sim;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Latencies given by points of P(latency &gt; x), a straight line between two of them on paper that
 * is logarithmic both ways.
 */
final class TailDistribution {

  private static final double MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final double[] logNanos;
  private final double[] logBeyond;

  /**
   * A point.
   *
   * @param millis a latency
   * @param beyond which part of all is slower, 1 for the first point
   */
  record Point(double millis, double beyond) {}

  /** A distribution through points with rising latencies; none is slower than the last. */
  TailDistribution(List<Point> points) {
    logNanos =
        points.stream().mapToDouble(point -> Math.log(point.millis() * MILLI)).toArray();
    logBeyond = points.stream().mapToDouble(point -> Math.log(point.beyond())).toArray();
  }

  /** One leaf of a fan-out whose requests' p99.9 is near 1,800 ms when a hundred are asked. */
  static TailDistribution leaf() {
    return new TailDistribution(List.of(
        new Point(1, 1),
        new Point(3, 0.5),
        new Point(10, 0.02),
        new Point(64, 0.0032),
        new Point(1_800, 1e-5),
        new Point(5_000, 1e-8)));
  }

  /**
   * The latency that a given part of all exceeds, in nanoseconds.
   *
   * @param beyond more than 0, at most 1; uniform numbers draw latencies
   */
  long exceededBy(double beyond) {
    var log = Math.log(beyond);
    for (var next = 1; next < logBeyond.length; next++) {
      if (log >= logBeyond[next]) {
        var part = (log - logBeyond[next - 1]) / (logBeyond[next] - logBeyond[next - 1]);
        return Math.round(
            Math.exp(logNanos[next - 1] + part * (logNanos[next] - logNanos[next - 1])));
      }
    }
    return Math.round(Math.exp(logNanos[logNanos.length - 1]));
  }
}
