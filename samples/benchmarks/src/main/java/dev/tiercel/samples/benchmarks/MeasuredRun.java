package dev.tiercel.samples.benchmarks;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that measures benchmarks in rounds of one fork each, one benchmark after the other. */
abstract class MeasuredRun implements Callable<Integer> {

  private final Class<?> suite;
  private final List<String> benchmarks;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Says how to use it.")
  @SuppressWarnings("UnusedVariable") // Read by picocli.
  private boolean help;

  @Option(
      names = "--quick",
      description = "One short round: shows that it works, too short to judge by.")
  private boolean quick;

  @Option(
      names = "--rounds",
      description =
          "How often each benchmark is measured, in a JVM of its own each time. Default: ${DEFAULT-VALUE}.",
      defaultValue = "3",
      paramLabel = "N")
  private int rounds;

  @Spec
  private @Nullable CommandSpec spec;

  /**
   * Measures.
   *
   * @param suite where the benchmarks are
   * @param benchmarks their names, in order
   */
  MeasuredRun(Class<?> suite, List<String> benchmarks) {
    this.suite = suite;
    this.benchmarks = List.copyOf(benchmarks);
  }

  final CommandLine command() {
    return requireNonNull(spec).commandLine();
  }

  final boolean isQuick() {
    return quick;
  }

  final int rounds() {
    return rounds;
  }

  /**
   * Measures every benchmark in every round.
   *
   * @param comparison takes what is measured
   * @param under what the line of each round says it was measured under
   * @param conditions sets just that
   */
  final Comparison measure(
      Comparison comparison,
      String under,
      Consumer<ChainedOptionsBuilder> conditions,
      PrintWriter out)
      throws RunnerException {
    var times = quick ? 1 : rounds;
    for (var round = 1; round <= times; round++) {
      for (var benchmark : benchmarks) {
        var measured = fork(benchmark, conditions);
        comparison.add(benchmark, measured);
        out.printf(
            Locale.ROOT,
            "  %s, round %d of %d: %s %.1f ns/op%n",
            under,
            round,
            times,
            benchmark,
            measured.nanos());
        out.flush();
      }
    }
    return comparison;
  }

  private Measured fork(String benchmark, Consumer<ChainedOptionsBuilder> conditions)
      throws RunnerException {
    var options = new OptionsBuilder()
        .include("^" + Pattern.quote(suite.getName() + "." + benchmark) + "$")
        .addProfiler(GCProfiler.class)
        .addProfiler(CostProfiler.class)
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT);
    conditions.accept(options);
    if (quick) {
      options
          .warmupIterations(2)
          .warmupTime(TimeValue.seconds(1))
          .measurementIterations(2)
          .measurementTime(TimeValue.seconds(1));
    }
    return Measured.of(new Runner(options.build()).runSingle());
  }

  /** The verdict's first words. */
  final String verdict(boolean good) {
    return quick ? "too short to judge" : good ? "within bounds" : "out of bounds";
  }
}
