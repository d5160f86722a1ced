package dev.tiercel.samples.check;

import dev.tiercel.region.WritePolicy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * The command that checks what processes in two regions see. Exit codes: 0 nobody went back (or,
 * with the floor switched off, that was found out), 1 it is not so, 2 a wrong argument.
 */
@Command(
    name = "regions",
    sortOptions = false,
    description =
        "Checks that no process goes back while two regions lag, part and fail (G2 and G3).")
final class Regions extends Experiment {

  private static final int SEEDS = 1_000_000;
  private static final int LEAST_SECONDS = 5;
  private static final int MOST_SECONDS = 600;
  private static final String FLOOR = "floor";

  /** What can be said of where writes go. */
  private static final Map<String, WritePolicy> WRITES = Map.of(
      "home", WritePolicy.home(RegionalStore.EAST),
      "anywhere", WritePolicy.anywhere());

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "For so long, 5 to 600; ${DEFAULT-VALUE} by default.")
  private int seconds;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Decides the faults and what is read and written; random by default.")
  private @Nullable Long seed;

  @Option(
      names = "--writes",
      paramLabel = "POLICY",
      defaultValue = "home",
      description = "Where writes go: home or anywhere; ${DEFAULT-VALUE} by default.")
  private String writes = "";

  @Option(
      names = "--without",
      paramLabel = "MECHANISM",
      description = "Switches the floor off; then it must find somebody who went back.")
  private @Nullable String without;

  @Override
  Outcome run(CommandLine line) throws Exception {
    Bounds.require(line, "--seconds", seconds, LEAST_SECONDS, MOST_SECONDS);
    var policy = WRITES.get(writes);
    if (policy == null) {
      throw new ParameterException(line, "--writes: " + writes + " (expected: home or anywhere)");
    }
    if (without != null && !without.equals(FLOOR)) {
      throw new ParameterException(line, "--without: " + without + " (expected: " + FLOOR + ")");
    }
    if (without != null) {
      // Read once, by the first who asks: nobody has yet.
      System.setProperty("tiercel.test.without", FLOOR);
    }
    // What libraries say of connections that are cut on purpose.
    LogManager.getLogManager().reset();
    var from = seed == null ? ThreadLocalRandom.current().nextInt(SEEDS) : seed;
    return new RegionExperiment(policy, Duration.ofSeconds(seconds), from, without != null).run();
  }
}
