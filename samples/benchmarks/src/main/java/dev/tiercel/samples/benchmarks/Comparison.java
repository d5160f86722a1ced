package dev.tiercel.samples.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Several benchmarks measured in rounds with one number of threads. A machine drifts, so benchmarks
 * are compared within a round only, and the median of those ratios counts.
 */
final class Comparison {

  private static final String ROW = "%7s  %-17s %9s %11s %9s %9s %17s %19s%n";

  private final int threads;
  private final Map<String, List<Measured>> rounds = new LinkedHashMap<>();

  /** Compares what is measured with this many threads. */
  Comparison(int threads) {
    this.threads = threads;
  }

  /** Adds a benchmark's next round. */
  void add(String benchmark, Measured measured) {
    rounds.computeIfAbsent(benchmark, name -> new ArrayList<>()).add(measured);
  }

  /**
   * How much more time on the clock a benchmark takes than another, as the median over the rounds.
   */
  double ratio(String benchmark, String baseline) {
    var ones = rounds.getOrDefault(benchmark, List.of());
    var others = rounds.getOrDefault(baseline, List.of());
    var ratios = new double[Math.min(ones.size(), others.size())];
    for (var round = 0; round < ratios.length; round++) {
      ratios[round] = ones.get(round).nanos() / others.get(round).nanos();
    }
    return Measured.median(ratios);
  }

  /** The median over the rounds. */
  Measured median(String benchmark) {
    return Measured.median(rounds.getOrDefault(benchmark, List.of()));
  }

  /** The table's first line. */
  static String header() {
    return String.format(
        ROW,
        "threads",
        "benchmark",
        "ns/op",
        "CPU ns/op",
        "B/op",
        "B/op, all",
        "/ " + LocalHitRun.BY_SIZE,
        "/ " + LocalHitRun.BY_WEIGHT);
  }

  /** A line for each benchmark. */
  String table() {
    var text = new StringBuilder();
    for (var benchmark : rounds.keySet()) {
      var median = median(benchmark);
      text.append(String.format(
          Locale.ROOT,
          ROW,
          threads,
          benchmark,
          number("%.1f", median.nanos()),
          number("%.1f", median.cpuNanos()),
          number("%.3f", median.callerBytes()),
          number("%.3f", median.bytes()),
          number("%.2f", ratio(benchmark, LocalHitRun.BY_SIZE)),
          number("%.2f", ratio(benchmark, LocalHitRun.BY_WEIGHT))));
    }
    return text.toString();
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
