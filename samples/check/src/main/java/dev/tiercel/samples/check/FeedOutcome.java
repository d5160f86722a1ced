package dev.tiercel.samples.check;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * What came of an interruption.
 *
 * @param entries how many entries the reading process held
 * @param watch what it was answered
 * @param maxStaleness how old an answer might be
 * @param noticed how long after the cut the first label told of it; empty if none did
 * @param loadsMeanwhile how many keys were asked of the source while the feed was interrupted
 * @param recovered how long after the feed could be reached again every label was fresh; empty if
 *     they were not in time
 * @param loadsAfter how many keys were asked of the source from then to then
 */
record FeedOutcome(
    int entries,
    FeedWatch watch,
    Duration maxStaleness,
    Optional<Duration> noticed,
    long loadsMeanwhile,
    Optional<Duration> recovered,
    long loadsAfter)
    implements Experiment.Outcome {

  private static final int MOST_LOADS_PERCENT = 5;

  @Override
  public boolean passed() {
    return watch.failures() == 0
        && watch.tooOld() == 0
        && watch.lies() == 0
        && noticed.isPresent()
        && recovered.isPresent()
        && loadsAfter * 100 <= (long) entries * MOST_LOADS_PERCENT;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        """
        %,d answers, %,d of them suspect, %,d failed (expected: none)
        oldest answer: %s behind the source, %,d beyond %s (expected: none)
        called fresh but not, or not known to be: %,d (expected: none)
        interruption noticed: after %s
        loads from the source meanwhile: %,d
        every label fresh again: after %s
        loads from the source until then: %,d of %,d entries (expected: at most %d%%)
        %s""",
        watch.answers(),
        watch.suspects(),
        watch.failures(),
        seconds(watch.oldest()),
        watch.tooOld(),
        seconds(maxStaleness),
        watch.lies(),
        noticed.map(FeedOutcome::seconds).orElse("never (expected: sooner)"),
        loadsMeanwhile,
        recovered.map(FeedOutcome::seconds).orElse("too long (expected: seconds)"),
        loadsAfter,
        entries,
        MOST_LOADS_PERCENT,
        passed() ? "PASS" : "FAIL");
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f s", duration.toNanos() / 1e9);
  }
}
