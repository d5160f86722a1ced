package dev.tiercel.samples.benchmarks.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A storm's figures in lines of text, and what is wrong with them. */
final class StormTable {

  static final double MOST_MORE_FAILURES = 0.005;
  static final double MOST_LOAD = 1.06;
  static final double MOST_RECOVERY_SECONDS = 5;

  private static final String ROW = "%11s  %-16s %16s %9s %9s %15s %11s%n";

  private StormTable() {}

  static String header() {
    return String.format(
            ROW, "", "", "failed %", "failed %", "p99.9 ms", "reads per call", "recovery s")
        + String.format(
            ROW,
            "utilisation",
            "policy",
            "mean, worst",
            "before",
            "before",
            "mean, worst",
            "worst");
  }

  static String row(double utilisation, Policy policy, StormFigures figures) {
    return String.format(
        Locale.ROOT,
        ROW,
        text("%.2f", utilisation),
        policy.label(),
        pair("%.2f", figures.meanFailureRate() * 100, figures.worstFailureRate() * 100),
        text("%.2f", figures.meanFailureRateBefore() * 100),
        text("%.1f", figures.meanMillisBefore()),
        pair("%.3f", figures.meanLoad(), figures.worstLoad()),
        recovery(figures.worstRecoverySeconds()));
  }

  /** In what our policy breaks its bounds; empty if in nothing. */
  static List<String> complaints(double utilisation, StormFigures ours, StormFigures none) {
    var complaints = new ArrayList<String>();
    var more = ours.failsMoreThan(none);
    if (more > MOST_MORE_FAILURES) {
      complaints.add(complaint(utilisation, "points more failures", more * 100, "at most 0.5"));
    }
    if (ours.worstLoad() > MOST_LOAD) {
      complaints.add(complaint(utilisation, "reads per call", ours.worstLoad(), "at most 1.06"));
    }
    if (!isQuicker(ours, none)) {
      complaints.add(complaint(
          utilisation,
          "p99.9 before",
          ours.meanMillisBefore(),
          text("less than %.1f", none.meanMillisBefore())));
    }
    if (ours.worstRecoverySeconds() > MOST_RECOVERY_SECONDS) {
      complaints.add(
          complaint(utilisation, "recovery", ours.worstRecoverySeconds(), "at most 5 s"));
    }
    return complaints;
  }

  /**
   * Where p99.9 is the deadline without hedges, so many calls do not make it that it cannot be less
   * with them either; then no more may fail than over the whole run.
   */
  private static boolean isQuicker(StormFigures ours, StormFigures none) {
    return ours.meanMillisBefore() < none.meanMillisBefore()
        || (none.meanMillisBefore() >= Storm.DEADLINE.toMillis()
            && ours.meanFailureRateBefore() <= none.meanFailureRateBefore() + MOST_MORE_FAILURES);
  }

  private static String recovery(double seconds) {
    return Double.isInfinite(seconds) ? "never" : text("%.1f", seconds);
  }

  private static String complaint(double utilisation, String what, double is, String expected) {
    return String.format(
        Locale.ROOT, "at %.2f: %s: %.3f (expected: %s)", utilisation, what, is, expected);
  }

  private static String pair(String format, double mean, double worst) {
    return text(format, mean) + ", " + text(format, worst);
  }

  private static String text(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
