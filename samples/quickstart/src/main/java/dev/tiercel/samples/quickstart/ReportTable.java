package dev.tiercel.samples.quickstart;

import java.util.Locale;

/** A report for people. */
final class ReportTable {

  private ReportTable() {}

  /** Some lines of text, each with its end. */
  static String of(Report report) {
    var text = new StringBuilder();
    text.append(row("tier", "answers", "share", "hit ratio", "p50", "p99", "p99.9"));
    report
        .tiers()
        .forEach((tier, answers) -> text.append(row(
            tier.name(),
            answers.latency(),
            percent(answers.share()),
            answers.latency().count() == 0 ? "-" : percent(answers.hitRatio()))));
    text.append(row("writes", report.writes(), "", ""));
    text.append('\n');
    var requests = String.format(
        Locale.ROOT,
        "%,d over %,d items of %s, seed %d",
        report.requests(),
        report.items(),
        report.trace(),
        report.seed());
    line(text, "requests", requests);
    line(
        text,
        "elapsed",
        String.format(
            Locale.ROOT, "%.1f s, %,.0f requests/s", report.seconds(), report.requestsPerSecond()));
    line(
        text,
        "loaded before",
        String.format(Locale.ROOT, "%,d items in %.1f s", report.items(), report.loadSeconds()));
    line(text, "source loads", String.format(Locale.ROOT, "%,d keys", report.sourceLoads()));
    line(text, "cache failures", String.format(Locale.ROOT, "%,d", report.cacheFailures()));
    line(text, "errors", errors(report));
    line(text, "mismatches", String.format(Locale.ROOT, "%,d", report.mismatches()));
    return text.toString();
  }

  private static String row(String name, Report.Latency latency, String share, String ratio) {
    return row(
        name,
        String.format(Locale.ROOT, "%,d", latency.count()),
        share,
        ratio,
        time(latency, latency.p50Micros()),
        time(latency, latency.p99Micros()),
        time(latency, latency.p999Micros()));
  }

  private static String row(String... cells) {
    return String.format(Locale.ROOT, "%-8s %12s %8s %10s %10s %10s %10s\n", (Object[]) cells);
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-15s%s\n", name, value));
  }

  private static String errors(Report report) {
    var types = new StringBuilder(String.format(Locale.ROOT, "%,d", report.errors()));
    report
        .errorsByType()
        .forEach(
            (type, count) -> types.append(String.format(Locale.ROOT, ", %s %,d", type, count)));
    return types.toString();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }

  private static String time(Report.Latency latency, double micros) {
    if (latency.count() == 0) {
      return "-";
    }
    return micros < 1000
        ? String.format(Locale.ROOT, "%.1f us", micros)
        : String.format(Locale.ROOT, "%.2f ms", micros / 1000);
  }
}
