package dev.tiercel.samples.check;

import java.time.Duration;
import java.util.Locale;

/**
 * What came of expiring groups.
 *
 * @param entries how many entries the large group had
 * @param large the median time it took to expire
 * @param small that of the small group
 * @param answers how many answers were checked after the last time
 * @param before how many of them were from before
 * @param others how many entries of the other group were not served from a cache any more
 */
record GroupOutcome(
    int entries, Duration large, Duration small, int answers, int before, int others)
    implements Experiment.Outcome {

  private static final double MOST = 2;

  boolean isComplete() {
    return before == 0 && others == 0;
  }

  @Override
  public boolean passed() {
    return isComplete() && ratio() < MOST;
  }

  private double ratio() {
    return (double) large.toNanos() / small.toNanos();
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        """
        to expire %,d entries: %.0f us, 10 entries: %.0f us (medians); ratio %.2f (expected: less than %.0f)
        %,d answers in two processes afterwards, from before: %,d (expected: none)
        entries of the other group that were lost to the caches: %,d (expected: none)
        %s""",
        entries,
        large.toNanos() / 1e3,
        small.toNanos() / 1e3,
        ratio(),
        MOST,
        answers,
        before,
        others,
        passed() ? "PASS" : "FAIL");
  }
}
