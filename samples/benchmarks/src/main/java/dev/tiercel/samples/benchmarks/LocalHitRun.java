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
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Runs {@link LocalHit} in rounds of one fork each, one benchmark after the other, and judges what
 * it finds.
 */
@Command(name = "local", description = "A hit in the local tier beside a hit in Caffeine itself.")
final class LocalHitRun implements Callable<Integer> {

  static final String BY_SIZE = "caffeineBySize";
  static final String BY_WEIGHT = "caffeineByWeight";
  static final String TIERCEL = "tiercel";

  private static final List<String> BENCHMARKS = List.of(BY_SIZE, BY_WEIGHT, TIERCEL);
  static final List<String> BASELINES = List.of(BY_SIZE, BY_WEIGHT);
  private static final double MAX_RATIO = 1.5;

  /**
   * The smallest object takes 16 bytes, so what is less than this does not come from each hit:
   * Caffeine hands maintenance over to its executor now and then, and JMH has its own needs.
   */
  private static final double MAX_BYTES = 1;

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
    if (rounds < 1) {
      throw new ParameterException(command, "--rounds: " + rounds + " (expected: at least 1)");
    }
    var out = command.getOut();
    out.printf(
        "local hit: String keys, %,d entries, Zipf 0.99, Java %s, %d processors%n",
        LocalHit.ENTRIES,
        System.getProperty("java.version"),
        Runtime.getRuntime().availableProcessors());
    out.flush();
    var one = measure(1, out);
    var two = measure(2, out);
    out.printf("%n%s%s%s%n", Comparison.header("threads", BASELINES), one.table(), two.table());
    return judge(one, two, out);
  }

  private Comparison measure(int threads, PrintWriter out) throws RunnerException {
    var comparison = new Comparison(threads, BASELINES);
    var times = quick ? 1 : rounds;
    for (var round = 1; round <= times; round++) {
      for (var benchmark : BENCHMARKS) {
        var measured = fork(benchmark, threads);
        comparison.add(benchmark, measured);
        out.printf(
            Locale.ROOT,
            "  %d thread(s), round %d of %d: %s %.1f ns/op%n",
            threads,
            round,
            times,
            benchmark,
            measured.nanos());
        out.flush();
      }
    }
    return comparison;
  }

  private Measured fork(String benchmark, int threads) throws RunnerException {
    var options = new OptionsBuilder()
        .include("^" + Pattern.quote(LocalHit.class.getName() + "." + benchmark) + "$")
        .threads(threads)
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

  private int judge(Comparison one, Comparison two, PrintWriter out) {
    var ratio = Math.max(one.ratio(TIERCEL, BY_SIZE), two.ratio(TIERCEL, BY_SIZE));
    var bytes = Math.max(one.median(TIERCEL).callerBytes(), two.median(TIERCEL).callerBytes());
    var good = ratio <= MAX_RATIO && bytes < MAX_BYTES;
    out.printf(
        Locale.ROOT,
        "%s: %.2f times Caffeine's time, by size (at most %.1f), and %.3f bytes allocated by a hit (less than %.0f)%n",
        quick ? "too short to judge" : good ? "within bounds" : "out of bounds",
        ratio,
        MAX_RATIO,
        bytes,
        MAX_BYTES);
    return good || quick ? 0 : 1;
  }
}
