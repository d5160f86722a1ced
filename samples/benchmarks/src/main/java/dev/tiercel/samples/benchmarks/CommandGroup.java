package dev.tiercel.samples.benchmarks;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that is nothing without one of its subcommands. */
public abstract class CommandGroup implements Runnable {

  private final String missing;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Says how to use it.")
  @SuppressWarnings("UnusedVariable") // Read by picocli.
  private boolean help;

  @Spec
  private @Nullable CommandSpec spec;

  /**
   * A group of commands.
   *
   * @param missing what to say when none is named, as {@code name: none (expected: ...)}
   */
  protected CommandGroup(String missing) {
    this.missing = missing;
  }

  @Override
  public final void run() {
    throw new ParameterException(requireNonNull(spec).commandLine(), missing);
  }
}
