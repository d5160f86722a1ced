package dev.tiercel.samples.benchmarks;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the benchmarks: {@code samples/run bench local|guard}. */
@Command(
    name = "samples/run bench",
    description = "Measures Tiercel beside what it is made of.",
    subcommands = {LocalHitRun.class, GuardRun.class})
public final class Bench implements Runnable {

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
    System.exit(new CommandLine(new Bench()).execute(args));
  }

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(), "benchmark: none (expected: local or guard)");
  }
}
