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

  private static final String ROW = "%7s  %-17s %9s %11s %9s %9s";
  private static final String RATIO = " %19s";

  private final Object label;
  private final List<String> baselines;
  private final Map<String, List<Measured>> rounds = new LinkedHashMap<>();

  /**
   * Compares.
   *
   * @param label what tells these measurements from others in the table
   * @param baselines the benchmarks that all are compared with
   */
  Comparison(Object label, List<String> baselines) {
    this.label = label;
    this.baselines = List.copyOf(baselines);
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

  /**
   * The table's first line.
   *
   * @param labels what tells the measurements from each other
   */
  static String header(String labels, List<String> baselines) {
    var text = new StringBuilder(
        String.format(ROW, labels, "benchmark", "ns/op", "CPU ns/op", "B/op", "B/op, all"));
    baselines.forEach(baseline -> text.append(String.format(RATIO, "/ " + baseline)));
    return text.append(System.lineSeparator()).toString();
  }

  /** A line for each benchmark. */
  String table() {
    var text = new StringBuilder();
    for (var benchmark : rounds.keySet()) {
      var median = median(benchmark);
      text.append(String.format(
          ROW,
          label,
          benchmark,
          number("%.1f", median.nanos()),
          number("%.1f", median.cpuNanos()),
          number("%.3f", median.callerBytes()),
          number("%.3f", median.bytes())));
      for (var baseline : baselines) {
        text.append(String.format(RATIO, number("%.2f", ratio(benchmark, baseline))));
      }
      text.append(System.lineSeparator());
    }
    return text.toString();
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
