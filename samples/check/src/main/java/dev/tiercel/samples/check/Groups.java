package dev.tiercel.samples.check;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command that expires groups. Exit codes: 0 as promised, 1 not, 2 a wrong argument. */
@Command(
    name = "groups",
    sortOptions = false,
    description = "Expires a large group and a small one, and compares how long that takes.")
final class Groups extends Experiment {

  private static final int LEAST_ENTRIES = 100;
  private static final int MOST_ENTRIES = 500_000;
  private static final int ROUNDS = 200;

  @Option(
      names = "--entries",
      paramLabel = "N",
      defaultValue = "100000",
      description =
          "So many entries in the large group, 100 to 500,000; ${DEFAULT-VALUE} by default.")
  private int entries;

  @Override
  Outcome run(CommandLine line) throws Exception {
    Bounds.require(line, "--entries", entries, LEAST_ENTRIES, MOST_ENTRIES);
    return new GroupExperiment(entries, ROUNDS).run();
  }
}
