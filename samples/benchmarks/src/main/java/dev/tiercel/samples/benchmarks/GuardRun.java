package dev.tiercel.samples.benchmarks;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;

/**
 * Runs {@link GuardCost} in rounds of one fork each, one benchmark after the other, and judges what
 * it finds.
 */
@Command(
    name = "guard",
    description = "What guard, hedge and retries cost a call that succeeds, beside others'.")
final class GuardRun extends MeasuredRun {

  static final String BARE = "bare";
  static final String TIERCEL = "tiercel";
  static final String RESILIENCE4J = "resilience4j";
  static final String FAILSAFE = "failsafe";

  private static final List<String> BENCHMARKS = List.of(BARE, TIERCEL, RESILIENCE4J, FAILSAFE);
  private static final List<String> BASELINES = List.of(RESILIENCE4J);
  private static final double MAX_RATIO = 1;
  private static final double MAX_BYTES = 500;
  private static final int MOST_ROUNDS = 100;

  GuardRun() {
    super(GuardCost.class, BENCHMARKS);
  }

  @Override
  public Integer call() throws RunnerException {
    var command = command();
    Arguments.require(command, "--rounds", rounds(), 1, MOST_ROUNDS);
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
    return measure(
        new Comparison(label, BASELINES),
        "answered " + label,
        options -> options.param("later", Boolean.toString(later)).threads(1),
        out);
  }

  private int judge(Comparison atOnce, Comparison later, PrintWriter out) {
    var ratio = Math.max(atOnce.ratio(TIERCEL, RESILIENCE4J), later.ratio(TIERCEL, RESILIENCE4J));
    var bytes = Math.max(bytes(atOnce), bytes(later));
    var good = ratio <= MAX_RATIO && bytes <= MAX_BYTES;
    out.printf(
        Locale.ROOT,
        "%s: %.2f times resilience4j's time (at most %.1f), and %.0f bytes more than the bare call (at most %.0f)%n",
        verdict(good),
        ratio,
        MAX_RATIO,
        bytes,
        MAX_BYTES);
    out.flush();
    return good || isQuick() ? 0 : 1;
  }

  /** What the layers allocate, on whichever thread. */
  private static double bytes(Comparison comparison) {
    return comparison.median(TIERCEL).bytes() - comparison.median(BARE).bytes();
  }
}
