package dev.tiercel.samples.benchmarks.load;

import dev.tiercel.samples.benchmarks.CommandGroup;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Puts load on real engines: {@code samples/run load stalls|blackhole}. */
@Command(
    name = "samples/run load",
    description = "Calls real engines in an open loop while they stall or fall silent.",
    subcommands = {StallsRun.class, BlackHoleRun.class})
public final class Load extends CommandGroup {

  private Load() {
    super("load: none (expected: stalls or blackhole)");
  }

  /**
   * Runs what the arguments say and ends the JVM: 0 if bounds are kept, 1 if not, 2 if an argument
   * is wrong.
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Load()).execute(args));
  }
}
