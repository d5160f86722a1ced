package dev.tiercel.samples.check;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command that counts loads. Exit codes: 0 as few as promised, 1 more, 2 a wrong argument. */
@Command(
    name = "leases",
    sortOptions = false,
    description = "Counts how often a key is loaded that many readers in several processes miss.")
final class Leases implements Callable<Integer> {

  private static final int MOST_PROCESSES = 16;
  private static final int MOST_READERS = 5_000;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Says how to use it.")
  @SuppressWarnings("UnusedVariable") // Read by picocli.
  private boolean help;

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

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    var line = requireNonNull(spec).commandLine();
    Bounds.require(line, "--processes", processes, killHolder ? 2 : 1, MOST_PROCESSES);
    Bounds.require(line, "--readers", readers, 1, MOST_READERS);
    var outcome = new LeaseExperiment(processes, readers, killHolder).run();
    line.getOut().println(outcome);
    line.getOut().flush();
    return outcome.passed() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }
}
