package dev.tiercel.samples.check;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that tries something out and says what came of it. */
abstract class Experiment implements Callable<Integer> {

  /** What came of it; its text is what is printed. */
  interface Outcome {
    /** Whether it is as promised. */
    boolean passed();
  }

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Says how to use it.")
  @SuppressWarnings("UnusedVariable") // Read by picocli.
  private boolean help;

  @Spec
  private @Nullable CommandSpec spec;

  /**
   * Checks the arguments and tries it out.
   *
   * @param line what to complain of
   */
  abstract Outcome run(CommandLine line) throws Exception;

  @Override
  public final Integer call() throws Exception {
    var line = requireNonNull(spec).commandLine();
    var outcome = run(line);
    line.getOut().println(outcome);
    line.getOut().flush();
    return outcome.passed() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }
}
