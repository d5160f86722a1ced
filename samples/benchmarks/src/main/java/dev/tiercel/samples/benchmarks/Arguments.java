package dev.tiercel.samples.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Bounds of arguments. */
public final class Arguments {

  private Arguments() {}

  /**
   * Refuses what is out of bounds.
   *
   * @param command the command whose argument it is
   * @param name the option's name
   * @throws ParameterException if it is less or more
   */
  public static void require(CommandLine command, String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new ParameterException(
          command, name + ": " + value + " (expected: " + least + " to " + most + ")");
    }
  }
}
