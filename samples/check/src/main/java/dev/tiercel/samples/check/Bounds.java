package dev.tiercel.samples.check;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** What the numbers on the command line must be. */
final class Bounds {

  private Bounds() {}

  static void require(CommandLine line, String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          line, name + ": " + value + " (expected: " + least + " to " + most + ")");
    }
  }
}
