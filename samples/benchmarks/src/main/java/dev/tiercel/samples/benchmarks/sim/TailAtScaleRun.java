package dev.tiercel.samples.benchmarks.sim;

import static java.util.Objects.requireNonNull;

import dev.tiercel.samples.benchmarks.Arguments;
import dev.tiercel.samples.benchmarks.chart.PercentileChart;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs {@link TailAtScale} without and with hedges, and judges the difference. */
@Command(
    name = "tail-at-scale",
    sortOptions = false,
    description = "Requests that wait for the slowest of 100 leaves, without and with hedges.")
final class TailAtScaleRun implements Callable<Integer> {

  static final double LEAST_RATIO = 24;
  static final double MOST_LOAD = 1.025;

  private static final int MOST_REQUESTS = 10_000_000;
  private static final String ROW = "%-16s %9s %9s %9s %9s %14s %9s%n";

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Says how to use it.")
  @SuppressWarnings("UnusedVariable") // Read by picocli.
  private boolean help;

  @Option(
      names = "--requests",
      paramLabel = "N",
      defaultValue = "100000",
      description = "So many requests; ${DEFAULT-VALUE} by default.")
  private int requests;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Decides when requests come and what the leaves take; ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--plot", paramLabel = "FILE", description = "Draws the latencies, as a PNG.")
  private @Nullable Path plot;

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    var command = requireNonNull(spec).commandLine();
    Arguments.require(command, "--requests", requests, 1, MOST_REQUESTS);
    var out = command.getOut();
    out.printf(
        Locale.ROOT,
        "tail at scale: %,d requests that wait for %d leaves each, seed %d%n",
        requests,
        TailAtScale.LEAVES,
        seed);
    out.printf(ROW, "", "p50 ms", "p99 ms", "p99.9 ms", "max ms", "reads per leaf", "failures");
    out.flush();
    var without = run(Policy.GUARD, out);
    var with = run(Policy.OURS, out);
    if (plot != null) {
      new PercentileChart("Requests to 100 leaves")
          .add(Policy.GUARD.label(), without.latencies())
          .add(Policy.OURS.label(), with.latencies())
          .write(plot);
    }
    return judge(without, with, out);
  }

  private TailAtScale.Outcome run(Policy policy, PrintWriter out) {
    var outcome = TailAtScale.run(requests, seed, policy);
    out.printf(
        ROW,
        policy.label(),
        millis(outcome, 50),
        millis(outcome, 99),
        millis(outcome, 99.9),
        millis(outcome, 100),
        String.format(Locale.ROOT, "%.4f", outcome.leafReads()),
        outcome.failures());
    out.flush();
    return outcome;
  }

  private static String millis(TailAtScale.Outcome outcome, double percentile) {
    return String.format(Locale.ROOT, "%.1f", outcome.millisAt(percentile));
  }

  private static int judge(TailAtScale.Outcome without, TailAtScale.Outcome with, PrintWriter out) {
    var ratio = without.millisAt(99.9) / with.millisAt(99.9);
    var good = ratio >= LEAST_RATIO
        && with.leafReads() <= MOST_LOAD
        && without.failures() + with.failures() == 0;
    out.printf(
        Locale.ROOT,
        "%s: p99.9 is %.1f times lower (at least %.0f), for %.2f %% more reads (at most %.1f)%n",
        good ? "within bounds" : "out of bounds",
        ratio,
        LEAST_RATIO,
        (with.leafReads() - 1) * 100,
        (MOST_LOAD - 1) * 100);
    out.flush();
    return good ? 0 : 1;
  }
}
