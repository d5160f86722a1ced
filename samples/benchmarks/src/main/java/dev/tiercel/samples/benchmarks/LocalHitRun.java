package dev.tiercel.samples.benchmarks;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/**
 * Runs {@link LocalHit} in rounds of one fork each, one benchmark after the other, and judges what
 * it finds.
 */
@Command(name = "local", description = "A hit in the local tier beside a hit in Caffeine itself.")
final class LocalHitRun extends MeasuredRun {

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

  LocalHitRun() {
    super(LocalHit.class, BENCHMARKS);
  }

  @Override
  public Integer call() throws RunnerException {
    var command = command();
    if (rounds() < 1) {
      throw new ParameterException(command, "--rounds: " + rounds() + " (expected: at least 1)");
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
    return measure(
        new Comparison(threads, BASELINES),
        threads + " thread(s)",
        options -> options.threads(threads),
        out);
  }

  private int judge(Comparison one, Comparison two, PrintWriter out) {
    var ratio = Math.max(one.ratio(TIERCEL, BY_SIZE), two.ratio(TIERCEL, BY_SIZE));
    var bytes = Math.max(one.median(TIERCEL).callerBytes(), two.median(TIERCEL).callerBytes());
    var good = ratio <= MAX_RATIO && bytes < MAX_BYTES;
    out.printf(
        Locale.ROOT,
        "%s: %.2f times Caffeine's time, by size (at most %.1f), and %.3f bytes allocated by a hit (less than %.0f)%n",
        verdict(good),
        ratio,
        MAX_RATIO,
        bytes,
        MAX_BYTES);
    return good || isQuick() ? 0 : 1;
  }
}
