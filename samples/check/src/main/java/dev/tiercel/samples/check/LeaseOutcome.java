package dev.tiercel.samples.check;

import java.util.List;
import java.util.Locale;

/**
 * What came of the readers.
 *
 * @param loads how often the key was loaded
 * @param most how often it may have been
 * @param readers how many readers were to be answered
 * @param answers what each process says of its readers
 */
record LeaseOutcome(int loads, int most, int readers, List<String> answers)
    implements Experiment.Outcome {

  @Override
  public boolean passed() {
    return loads >= 1 && loads <= most && answered() == readers;
  }

  private int answered() {
    return answers.stream().mapToInt(LeaseOutcome::answered).sum();
  }

  /** The number that a worker's line tells first. */
  private static int answered(String line) {
    var said = line.substring(line.indexOf(": ") + 2);
    return Integer.parseInt(said.substring(0, said.indexOf(' ')));
  }

  @Override
  public String toString() {
    return String.join("\n", answers)
        + String.format(
            Locale.ROOT,
            "%n%,d of %,d readers answered, loads: %d (expected: at most %d)%n%s",
            answered(),
            readers,
            loads,
            most,
            passed() ? "PASS" : "FAIL");
  }
}
