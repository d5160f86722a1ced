package dev.tiercel.samples.benchmarks.sim;

import dev.tiercel.samples.benchmarks.CommandGroup;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs the simulations: {@code samples/run sim tail-at-scale|storm}. */
@Command(
    name = "samples/run sim",
    description = "Runs the real layers against modelled servers, in a time of their own.",
    subcommands = {TailAtScaleRun.class, StormRun.class})
public final class Sim extends CommandGroup {

  private Sim() {
    super("simulation: none (expected: tail-at-scale or storm)");
  }

  /**
   * Runs what the arguments say and ends the JVM: 0 if bounds are kept, 1 if not, 2 if an argument
   * is wrong.
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Sim()).execute(args));
  }
}
