package dev.tiercel.samples.benchmarks.sim;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the simulations: {@code samples/run sim tail-at-scale|storm}. */
@Command(
    name = "samples/run sim",
    description = "Runs the real layers against modelled servers, in a time of their own.",
    subcommands = {TailAtScaleRun.class, StormRun.class})
public final class Sim implements Runnable {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Says how to use it.")
  @SuppressWarnings("UnusedVariable") // Read by picocli.
  private boolean help;

  @Spec
  private @Nullable CommandSpec spec;

  /**
   * Runs what the arguments say and ends the JVM: 0 if bounds are kept, 1 if not, 2 if an argument
   * is wrong.
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Sim()).execute(args));
  }

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(), "simulation: none (expected: tail-at-scale or storm)");
  }
}
