package dev.tiercel.samples.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs the benchmarks: {@code samples/run bench local|guard}. */
@Command(
    name = "samples/run bench",
    description = "Measures Tiercel beside what it is made of.",
    subcommands = {LocalHitRun.class, GuardRun.class})
public final class Bench extends CommandGroup {

  private Bench() {
    super("benchmark: none (expected: local or guard)");
  }

  /**
   * Runs what the arguments say and ends the JVM: 0 if bounds are kept, 1 if not, 2 if an argument
   * is wrong.
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Bench()).execute(args));
  }
}
