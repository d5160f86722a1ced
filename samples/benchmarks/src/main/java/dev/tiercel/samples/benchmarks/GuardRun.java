package dev.tiercel.samples.benchmarks;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Runs {@link GuardCost} in rounds of one fork each, one benchmark after the other, and judges what
 * it finds.
 */
@Command(
    name = "guard",
    description = "What guard, hedge and retries cost a call that succeeds, beside others'.")
final class GuardRun implements Callable<Integer> {

  static final String BARE = "bare";
  static final String TIERCEL = "tiercel";
  static final String RESILIENCE4J = "resilience4j";
  static final String FAILSAFE = "failsafe";

  private static final List<String> BENCHMARKS = List.of(BARE, TIERCEL, RESILIENCE4J, FAILSAFE);
  private static final List<String> BASELINES = List.of(RESILIENCE4J);
  private static final double MAX_RATIO = 1;
  private static final double MAX_BYTES = 500;
  private static final int MOST_ROUNDS = 100;

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

  @Override
  public Integer call() throws RunnerException {
    var command = requireNonNull(spec).commandLine();
    Arguments.require(command, "--rounds", rounds, 1, MOST_ROUNDS);
    var out = command.getOut();
    out.printf(
        "guard, hedge and retries around a call that succeeds: Java %s, %d processors%n",
        System.getProperty("java.version"), Runtime.getRuntime().availableProcessors());
    out.flush();
    var atOnce = measure(false, out);
    var later = measure(true, out);
    out.printf("%n%s%s%s%n", Comparison.header("answer", BASELINES), atOnce.table(), later.table());
    return judge(atOnce, later, out);
  }

  private Comparison measure(boolean later, PrintWriter out) throws RunnerException {
    var label = later ? "later" : "at once";
    var comparison = new Comparison(label, BASELINES);
    var times = quick ? 1 : rounds;
    for (var round = 1; round <= times; round++) {
      for (var benchmark : BENCHMARKS) {
        var measured = fork(benchmark, later);
        comparison.add(benchmark, measured);
        out.printf(
            Locale.ROOT,
            "  answered %s, round %d of %d: %s %.1f ns/op%n",
            label,
            round,
            times,
            benchmark,
            measured.nanos());
        out.flush();
      }
    }
    return comparison;
  }

  private Measured fork(String benchmark, boolean later) throws RunnerException {
    var options = new OptionsBuilder()
        .include("^" + Pattern.quote(GuardCost.class.getName() + "." + benchmark) + "$")
        .param("later", Boolean.toString(later))
        .threads(1)
        .addProfiler(GCProfiler.class)
        .addProfiler(CostProfiler.class)
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT);
    if (quick) {
      options
          .warmupIterations(2)
          .warmupTime(TimeValue.seconds(1))
          .measurementIterations(2)
          .measurementTime(TimeValue.seconds(1));
    }
    return Measured.of(new Runner(options.build()).runSingle());
  }

  private int judge(Comparison atOnce, Comparison later, PrintWriter out) {
    var ratio = Math.max(atOnce.ratio(TIERCEL, RESILIENCE4J), later.ratio(TIERCEL, RESILIENCE4J));
    var bytes = Math.max(bytes(atOnce), bytes(later));
    var good = ratio <= MAX_RATIO && bytes <= MAX_BYTES;
    out.printf(
        Locale.ROOT,
        "%s: %.2f times resilience4j's time (at most %.1f), and %.0f bytes more than the bare call (at most %.0f)%n",
        quick ? "too short to judge" : good ? "within bounds" : "out of bounds",
        ratio,
        MAX_RATIO,
        bytes,
        MAX_BYTES);
    out.flush();
    return good || quick ? 0 : 1;
  }

  /** What the layers allocate, on whichever thread. */
  private static double bytes(Comparison comparison) {
    return comparison.median(TIERCEL).bytes() - comparison.median(BARE).bytes();
  }
}
