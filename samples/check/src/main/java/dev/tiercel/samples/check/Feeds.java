package dev.tiercel.samples.check;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command that interrupts the feed. Exit codes: 0 as promised, 1 not, 2 a wrong argument. */
@Command(
    name = "feed",
    sortOptions = false,
    description = "Interrupts the feed of a process that reads what another one writes.")
final class Feeds implements Callable<Integer> {

  private static final int LEAST_SECONDS = 6;
  private static final int MOST_SECONDS = 600;
  private static final int LEAST_ENTRIES = 100;
  private static final int MOST_ENTRIES = 50_000;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Says how to use it.")
  @SuppressWarnings("UnusedVariable") // Read by picocli.
  private boolean help;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "30",
      description = "For so long, 6 to 600; ${DEFAULT-VALUE} by default.")
  private int seconds;

  @Option(
      names = "--entries",
      paramLabel = "N",
      defaultValue = "5000",
      description = "So many entries in memory, 100 to 50,000; ${DEFAULT-VALUE} by default.")
  private int entries;

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    var line = requireNonNull(spec).commandLine();
    Bounds.require(line, "--seconds", seconds, LEAST_SECONDS, MOST_SECONDS);
    Bounds.require(line, "--entries", entries, LEAST_ENTRIES, MOST_ENTRIES);
    var outcome = new FeedExperiment(entries, Duration.ofSeconds(seconds)).run();
    line.getOut().println(outcome);
    line.getOut().flush();
    return outcome.passed() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }
}
