package dev.tiercel.samples.check;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command that expires groups. Exit codes: 0 as promised, 1 not, 2 a wrong argument. */
@Command(
    name = "groups",
    sortOptions = false,
    description = "Expires a large group and a small one, and compares how long that takes.")
final class Groups implements Callable<Integer> {

  private static final int LEAST_ENTRIES = 100;
  private static final int MOST_ENTRIES = 500_000;
  private static final int ROUNDS = 200;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Says how to use it.")
  @SuppressWarnings("UnusedVariable") // Read by picocli.
  private boolean help;

  @Option(
      names = "--entries",
      paramLabel = "N",
      defaultValue = "100000",
      description =
          "So many entries in the large group, 100 to 500,000; ${DEFAULT-VALUE} by default.")
  private int entries;

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    var line = requireNonNull(spec).commandLine();
    Bounds.require(line, "--entries", entries, LEAST_ENTRIES, MOST_ENTRIES);
    var outcome = new GroupExperiment(entries, ROUNDS).run();
    line.getOut().println(outcome);
    line.getOut().flush();
    return outcome.passed() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }
}
