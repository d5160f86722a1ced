package dev.tiercel.samples.benchmarks.load;

import static java.util.Objects.requireNonNull;

import dev.tiercel.ResiliencePolicy;
import dev.tiercel.hedge.HedgePolicy;
import dev.tiercel.samples.benchmarks.Arguments;
import dev.tiercel.samples.benchmarks.chart.PercentileChart;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Reads a Redis with two replicas through two clients in turn, one with hedges and one without,
 * while each endpoint stalls for 50 ms now and then.
 */
@Command(
    name = "stalls",
    sortOptions = false,
    description = "A Redis with two replicas that stall now and then, with and without hedges.")
final class StallsRun implements Callable<Integer> {

  private static final double LEAST_RATIO = 5;
  private static final double MOST_HEDGES = 0.05;
  private static final int REPLICAS = 2;
  private static final int MOST_PER_SECOND = 100_000;
  private static final int MOST_SECONDS = 3_600;
  private static final Duration DEADLINE = Duration.ofSeconds(1);

  /** Until everything is compiled, and what stalls make of calls is known, too. */
  private static final Duration WARM_UP = Duration.ofSeconds(20);

  private static final String ROW = "%-14s %10s %9s %9s %9s %9s %9s %10s %9s%n";

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Says how to use it.")
  @SuppressWarnings("UnusedVariable") // Read by picocli.
  private boolean help;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "5000",
      description = "So many calls a second by both clients together; ${DEFAULT-VALUE} by default.")
  private int rate;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "For so long; ${DEFAULT-VALUE} by default.")
  private int seconds;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Decides when the endpoints stall; ${DEFAULT-VALUE} by default.")
  private long seed;

  @Option(names = "--plot", paramLabel = "FILE", description = "Draws the latencies, as a PNG.")
  private @Nullable Path plot;

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    var command = requireNonNull(spec).commandLine();
    Arguments.require(command, "--rate", rate, 1, MOST_PER_SECOND);
    Arguments.require(command, "--seconds", seconds, 1, MOST_SECONDS);
    var out = command.getOut();
    var policy = ResiliencePolicy.defaults();
    out.printf(
        Locale.ROOT,
        "stalls: a Redis and %d replicas, each stalls for %d ms, 1 %% of the time; %,d calls a second by two"
            + " clients in turn for %d s, seed %d%n",
        REPLICAS,
        Stalls.STALL.toMillis(),
        rate,
        seconds,
        seed);
    out.flush();
    try (var group = RedisGroup.launch(REPLICAS);
        var plain = new Client(group, policy.hedge(HedgePolicy.off()), DEADLINE);
        var hedged = new Client(group, policy, DEADLINE)) {
      plain.fill();
      return measure(group, plain, hedged, out);
    }
  }

  private int measure(RedisGroup group, Client plain, Client hedged, PrintWriter out)
      throws InterruptedException {
    var without = new Measurement();
    var with = new Measurement();
    var stalls = new Stalls(group.proxies(), new SplittableRandom(seed));
    var stalling = new Thread(stalls, "load-stalls");
    stalling.start();
    long hedgesBefore;
    long wonBefore;
    try {
      interleave(WARM_UP, plain, new Measurement(), hedged, new Measurement());
      hedgesBefore = hedged.counts().hedged();
      wonBefore = hedged.counts().won();
      interleave(Duration.ofSeconds(seconds), plain, without, hedged, with);
    } finally {
      stalls.stop();
      stalling.join(Stalls.patience().toMillis());
    }
    var ended =
        without.awaitEnd(DEADLINE.multipliedBy(2)) && with.awaitEnd(DEADLINE.multipliedBy(2));
    out.printf(
        ROW, "", "calls", "p50 ms", "p99 ms", "p99.9 ms", "max ms", "failures", "hedges", "won");
    out.print(row("without", without, 0, 0));
    var hedges = hedged.counts().hedged() - hedgesBefore;
    out.print(row("with hedges", with, hedges, hedged.counts().won() - wonBefore));
    out.printf("%d stalls%n", stalls.count());
    out.printf("without: %s; not sent: %s%n", without.causes(), plain.counts().refusals());
    out.printf("with hedges: %s; not sent: %s%n", with.causes(), hedged.counts().refusals());
    if (plot != null) {
      new PercentileChart("Reads of Redis, each endpoint stalls for 50 ms, 1 % of the time")
          .add("without hedges", without.latencies())
          .add("with hedges", with.latencies())
          .write(plot);
    }
    return judge(without, with, (double) hedges / with.calls(), ended, out);
  }

  private void interleave(
      Duration length, Client plain, Measurement without, Client hedged, Measurement with) {
    var keys = new SplittableRandom(seed);
    var turn = new boolean[1];
    new OpenLoop(rate).run(length, due -> {
      turn[0] = !turn[0];
      var key = keys.nextInt(Client.KEYS);
      if (turn[0]) {
        without.follow(plain.read(key), due);
      } else {
        with.follow(hedged.read(key), due);
      }
    });
  }

  private static String row(String name, Measurement measured, long hedges, long won) {
    return String.format(
        Locale.ROOT,
        ROW,
        name,
        measured.calls(),
        millis(measured, 50),
        millis(measured, 99),
        millis(measured, 99.9),
        millis(measured, 100),
        measured.failures(),
        hedges,
        won);
  }

  private static String millis(Measurement measured, double percentile) {
    return String.format(Locale.ROOT, "%.2f", measured.millisAt(percentile));
  }

  private static int judge(
      Measurement without, Measurement with, double hedges, boolean ended, PrintWriter out) {
    var ratio = without.millisAt(99.9) / with.millisAt(99.9);
    var good = ratio >= LEAST_RATIO
        && hedges <= MOST_HEDGES
        && ended
        && without.failures() + with.failures() == 0;
    out.printf(
        Locale.ROOT,
        "%s: p99.9 is %.1f times lower (at least %.0f), %.2f %% of the calls hedged (at most %.0f)%n",
        good ? "within bounds" : "out of bounds",
        ratio,
        LEAST_RATIO,
        hedges * 100,
        MOST_HEDGES * 100);
    out.flush();
    return good ? 0 : 1;
  }
}
