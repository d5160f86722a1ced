package dev.tiercel.samples.quickstart;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Serves features from a local tier, Redis and DynamoDB to the requests of a trace, checks every
 * answer, and reports what each tier did. Exit codes: 0 all is well, 1 a call failed or an answer
 * was wrong, 2 an argument is wrong.
 */
@Command(
    name = "samples/run quickstart",
    sortOptions = false,
    description =
        "Serves features from memory, Redis and DynamoDB, and checks and measures every answer.")
public final class Quickstart implements Callable<Integer> {

  private static final int SEEDS = 1_000_000;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Says how to use it.")
  @SuppressWarnings("UnusedVariable") // Read by picocli.
  private boolean help;

  @Mixin
  private final Options options = new Options();

  @Spec
  private @Nullable CommandSpec spec;

  /** Runs the program and ends the JVM. */
  public static void main(String[] args) {
    var charset = Charset.defaultCharset();
    System.exit(run(
        new PrintWriter(System.out, true, charset),
        new PrintWriter(System.err, true, charset),
        args));
  }

  /**
   * Runs the program: what it has to say goes to {@code out}, what went wrong to {@code err}.
   * Returns the exit code.
   */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    return new CommandLine(new Quickstart())
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(
            (wrong, arguments) -> complain(err, wrong, CommandLine.ExitCode.USAGE))
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> complain(err, failure, CommandLine.ExitCode.SOFTWARE))
        .execute(args);
  }

  private static int complain(PrintWriter err, Exception failure, int exitCode) {
    var message = failure.getMessage();
    err.println(
        "quickstart: " + (message == null ? failure.toString() : message.replaceAll("\\R", " ")));
    err.flush();
    return exitCode;
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    var out = requireNonNull(spec).commandLine().getOut();
    var seed = options.seed(ThreadLocalRandom.current().nextInt(SEEDS));
    var json = options.json();
    var inFlight = options.inFlight();
    var writeShare = options.writeShare();
    var trace = options.trace(seed);
    var items = trace.distinct();
    say(
        out,
        "%,d requests over %,d items of %s, seed %d",
        trace.items().length(),
        items.size(),
        trace.name(),
        seed);

    say(out, "starting Redis and DynamoDB Local...");
    var measured = new Measurements();
    Report report;
    try (var engines = Engines.launch()) {
      var loadSeconds = load(engines, items, out);
      try (var service = FeatureService.open(engines.redis(), engines.dynamo(), measured)) {
        say(out, "replaying, %d requests in flight, %s of them writes...", inFlight, writeShare);
        var progress = progress(out, "replayed", trace.items().length(), measured);
        new Replay(service, new Ledger(items), measured, inFlight, writeShare, seed)
            .run(trace, progress);
        report = Report.of(trace, seed, items.size(), loadSeconds, progress.seconds(), measured);
      }
    }
    say(out, "%n%s", ReportTable.of(report));
    if (json != null) {
      Files.writeString(json, ReportJson.of(report));
    }
    measured.firstMismatches().forEach(spec.commandLine().getErr()::println);
    return report.isGood() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private static double load(Engines engines, Set<Long> items, PrintWriter out)
      throws InterruptedException {
    try (var loader = FeatureLoader.open(engines.dynamo())) {
      say(out, "loading...");
      var progress = new Progress(out, "loaded", items.size(), () -> "", System::nanoTime);
      new Load(loader).run(items, progress);
      return progress.seconds();
    }
  }

  private static Progress progress(PrintWriter out, String verb, int total, Measurements measured) {
    return new Progress(
        out,
        verb,
        total,
        () -> String.format(Locale.ROOT, ", %.1f %% hits", 100 * Report.hitRatio(measured)),
        System::nanoTime);
  }

  private static void say(PrintWriter out, String format, Object... values) {
    out.printf(Locale.ROOT, format + "%n", values);
    out.flush();
  }
}
