package dev.tiercel.samples.benchmarks.load;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Puts load on real engines: {@code samples/run load stalls|blackhole}. */
@Command(
    name = "samples/run load",
    description = "Calls real engines in an open loop while they stall or fall silent.",
    subcommands = {StallsRun.class, BlackHoleRun.class})
public final class Load implements Runnable {

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
    System.exit(new CommandLine(new Load()).execute(args));
  }

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(), "load: none (expected: stalls or blackhole)");
  }
}
