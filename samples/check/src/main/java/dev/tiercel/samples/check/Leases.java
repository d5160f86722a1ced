package dev.tiercel.samples.check;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command that counts loads. Exit codes: 0 as few as promised, 1 more, 2 a wrong argument. */
@Command(
    name = "leases",
    sortOptions = false,
    description = "Counts how often a key is loaded that many readers in several processes miss.")
final class Leases extends Experiment {

  private static final int MOST_PROCESSES = 16;
  private static final int MOST_READERS = 5_000;

  @Option(
      names = "--processes",
      paramLabel = "N",
      defaultValue = "3",
      description = "So many processes, 1 to 16; ${DEFAULT-VALUE} by default.")
  private int processes;

  @Option(
      names = "--readers",
      paramLabel = "N",
      defaultValue = "1000",
      description = "So many readers in each, 1 to 5,000; ${DEFAULT-VALUE} by default.")
  private int readers;

  @Option(names = "--kill-holder", description = "Kills the process that loads while it does.")
  private boolean killHolder;

  @Override
  Outcome run(CommandLine line) throws Exception {
    Bounds.require(line, "--processes", processes, killHolder ? 2 : 1, MOST_PROCESSES);
    Bounds.require(line, "--readers", readers, 1, MOST_READERS);
    return new LeaseExperiment(processes, readers, killHolder).run();
  }
}
