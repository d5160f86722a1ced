package dev.tiercel.samples.benchmarks.sim;

import static java.util.Objects.requireNonNull;

import dev.tiercel.samples.benchmarks.Arguments;
import dev.tiercel.samples.benchmarks.chart.PercentileChart;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs {@link Storm} for each policy at several utilisations, and judges ours. */
@Command(
    name = "storm",
    sortOptions = false,
    description = "Servers that are slow for ten seconds, and what each policy makes of it.")
final class StormRun implements Callable<Integer> {

  private static final List<Double> UTILISATIONS = List.of(0.55, 0.65, 0.75, 0.90);
  private static final int MOST_SEEDS = 100;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Says how to use it.")
  @SuppressWarnings("UnusedVariable") // Read by picocli.
  private boolean help;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "5",
      description = "So many runs of each, with the seeds 1 to N; ${DEFAULT-VALUE} by default.")
  private int seeds;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Draws the latencies at the highest utilisation, as a PNG.")
  private @Nullable Path plot;

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    var command = requireNonNull(spec).commandLine();
    Arguments.require(command, "--seeds", seeds, 1, MOST_SEEDS);
    var out = command.getOut();
    out.printf(
        "storm: %d servers, 1.5 times slower from 20 s to 30 s of 70 s, deadline 250 ms, seeds 1 to %d%n%s",
        ServerPool.SERVERS, seeds, StormTable.header());
    var complaints = new ArrayList<String>();
    for (var utilisation : UTILISATIONS) {
      var byPolicy = run(utilisation, out);
      complaints.addAll(StormTable.complaints(
          utilisation, figures(byPolicy, Policy.OURS), figures(byPolicy, Policy.NONE)));
      draw(utilisation, byPolicy);
    }
    complaints.forEach(out::println);
    out.println(complaints.isEmpty() ? "within bounds" : "out of bounds");
    out.flush();
    return complaints.isEmpty() ? 0 : 1;
  }

  private Map<Policy, StormFigures> run(double utilisation, PrintWriter out) {
    var byPolicy = new EnumMap<Policy, StormFigures>(Policy.class);
    for (var policy : Policy.values()) {
      var runs = LongStream.rangeClosed(1, seeds)
          .mapToObj(seed -> Storm.run(Storm.Plan.standard(), utilisation, seed, policy))
          .toList();
      byPolicy.put(policy, new StormFigures(runs));
      out.print(StormTable.row(utilisation, policy, figures(byPolicy, policy)));
      out.flush();
    }
    return byPolicy;
  }

  private static StormFigures figures(Map<Policy, StormFigures> byPolicy, Policy policy) {
    return requireNonNull(byPolicy.get(policy));
  }

  private void draw(double utilisation, Map<Policy, StormFigures> byPolicy) {
    if (plot == null || utilisation != UTILISATIONS.get(UTILISATIONS.size() - 1)) {
      return;
    }
    var chart = new PercentileChart(String.format(
        Locale.ROOT, "Calls of a storm at utilisation %.2f (failed: 250 ms)", utilisation));
    byPolicy.forEach((policy, figures) -> chart.add(policy.label(), figures.latencies()));
    chart.write(plot);
  }
}
