package dev.tiercel.samples.benchmarks.load;

import static java.util.Objects.requireNonNull;

import dev.tiercel.ResiliencePolicy;
import dev.tiercel.samples.benchmarks.Arguments;
import dev.tiercel.samples.benchmarks.chart.PercentileChart;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reads a Redis with a replica, none of which answers for a while. */
@Command(
    name = "blackhole",
    sortOptions = false,
    description = "A Redis with a replica, connected, but silent for a while.")
final class BlackHoleRun implements Callable<Integer> {

  private static final Duration TOLERANCE = Duration.ofMillis(10);
  private static final double MOST_ATTEMPTS = 1.1;
  private static final Duration BACK_WITHIN = Duration.ofSeconds(2);
  private static final int MOST_PER_SECOND = 100_000;
  private static final int MOST_SECONDS = 600;
  private static final int MOST_MILLIS = 10_000;
  private static final Duration BEFORE = Duration.ofSeconds(4);
  private static final Duration AFTER = Duration.ofSeconds(6);

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Says how to use it.")
  @SuppressWarnings("UnusedVariable") // Read by picocli.
  private boolean help;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "2000",
      description = "So many calls a second; ${DEFAULT-VALUE} by default.")
  private int rate;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "10",
      description = "Nothing answers for so long; ${DEFAULT-VALUE} by default.")
  private int seconds;

  @Option(
      names = "--deadline",
      paramLabel = "MILLIS",
      defaultValue = "250",
      description = "Each call's deadline; ${DEFAULT-VALUE} by default.")
  private int deadlineMillis;

  @Option(names = "--plot", paramLabel = "FILE", description = "Draws the latencies, as a PNG.")
  private @Nullable Path plot;

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    var command = requireNonNull(spec).commandLine();
    Arguments.require(command, "--rate", rate, 1, MOST_PER_SECOND);
    Arguments.require(command, "--seconds", seconds, 1, MOST_SECONDS);
    Arguments.require(command, "--deadline", deadlineMillis, 1, MOST_MILLIS);
    var out = command.getOut();
    out.printf(
        Locale.ROOT,
        "black hole: a Redis and a replica, silent for %d s; %,d calls a second, deadline %d ms%n",
        seconds,
        rate,
        deadlineMillis);
    out.flush();
    try (var group = RedisGroup.launch(1);
        var client =
            new Client(group, ResiliencePolicy.defaults(), Duration.ofMillis(deadlineMillis))) {
      client.fill();
      // What a JVM does for the first time takes it longer.
      new BlackHole(group, client, rate, Duration.ofMillis(deadlineMillis))
          .run(BEFORE, Duration.ofSeconds(1), AFTER);
      var found = new BlackHole(group, client, rate, Duration.ofMillis(deadlineMillis))
          .run(BEFORE, Duration.ofSeconds(seconds), AFTER);
      if (plot != null) {
        new PercentileChart("Calls before, during and after an outage of all endpoints")
            .add("deadline " + deadlineMillis + " ms", found.measured().latencies())
            .write(plot);
      }
      return judge(found, client.limit(), out);
    }
  }

  private int judge(BlackHole.Found found, int limit, PrintWriter out) {
    var complaints = new ArrayList<String>();
    var slowest = found.measured().millisAt(100);
    var bound = deadlineMillis + TOLERANCE.toMillis();
    out.printf(
        Locale.ROOT,
        "%,d calls, %,d of them in the outage; %,d failed: %s%n",
        found.measured().calls(),
        found.calls(),
        found.measured().failures(),
        found.measured().causes());
    check(out, complaints, "slowest call, ms", slowest, (double) bound);
    check(out, complaints, "calls without an end", found.unended() ? 1 : 0, 0);
    check(out, complaints, "attempts per call in the outage", found.attempts(), MOST_ATTEMPTS);
    check(out, complaints, "most calls in flight to an endpoint", found.mostInFlight(), limit);
    check(out, complaints, "back after, ms", (double) found.back().toMillis(), (double)
        BACK_WITHIN.toMillis());
    out.println(complaints.isEmpty() ? "within bounds" : "out of bounds: " + complaints);
    out.flush();
    return complaints.isEmpty() ? 0 : 1;
  }

  private static void check(
      PrintWriter out, List<String> complaints, String what, double is, double most) {
    out.printf(Locale.ROOT, "  %-40s %10.3f (at most %.1f)%n", what, is, most);
    if (is > most) {
      complaints.add(what);
    }
  }
}
