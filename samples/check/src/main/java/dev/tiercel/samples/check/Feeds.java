package dev.tiercel.samples.check;

import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command that interrupts the feed. Exit codes: 0 as promised, 1 not, 2 a wrong argument. */
@Command(
    name = "feed",
    sortOptions = false,
    description = "Interrupts the feed of a process that reads what another one writes.")
final class Feeds extends Experiment {

  private static final int LEAST_SECONDS = 6;
  private static final int MOST_SECONDS = 600;
  private static final int LEAST_ENTRIES = 100;
  private static final int MOST_ENTRIES = 50_000;

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

  @Override
  Outcome run(CommandLine line) throws Exception {
    Bounds.require(line, "--seconds", seconds, LEAST_SECONDS, MOST_SECONDS);
    Bounds.require(line, "--entries", entries, LEAST_ENTRIES, MOST_ENTRIES);
    return new FeedExperiment(entries, Duration.ofSeconds(seconds)).run();
  }
}
