package dev.tiercel.region;

import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.error.KeyFailures;
import dev.tiercel.error.ServingException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the regions have brought of a read so far, key by key. Nothing but the outcomes is kept as
 * long as nothing fails. Not thread-safe.
 */
final class Board {

  private final @Nullable ReadOutcome[] outcomes;
  private @Nullable Misses misses;

  /** What is known of keys that were not answered as their reader wants, by position. */
  private static final class Misses {

    private final KeyFailures failures;
    private final @Nullable ServingException[] last;
    private final boolean[] behind;
    private final @Nullable ReadOutcome[] newest;
    private final long[] traceless;

    Misses(int keys) {
      failures = new KeyFailures(keys);
      last = new ServingException[keys];
      behind = new boolean[keys];
      newest = new ReadOutcome[keys];
      traceless = new long[keys];
    }
  }

  Board(int keys) {
    outcomes = new ReadOutcome[keys];
  }

  int keys() {
    return outcomes.length;
  }

  /** Whether a key has no outcome yet. */
  boolean isOpen(int position) {
    return outcomes[position] == null;
  }

  /** A key has its outcome. */
  void settle(int position, ReadOutcome outcome) {
    outcomes[position] = outcome;
  }

  /** A region has failed a key. */
  void failed(int position, ServingException cause) {
    misses().failures.add(position, cause);
    misses().last[position] = cause;
    misses().behind[position] = false;
  }

  /** A region holds only what is too old for its reader. */
  void behind(int position, ServingException cause, ReadOutcome older) {
    failed(position, cause);
    misses().behind[position] = true;
    var newest = misses().newest[position];
    if (newest == null || older.version() > newest.version()) {
      misses().newest[position] = older;
    }
  }

  /** A region knows nothing of a key. Tells which do, one bit for each. */
  long traceless(int position, int region) {
    return misses().traceless[position] |= 1L << region;
  }

  /** Whether nothing has failed anywhere. */
  boolean isFlawless() {
    return misses == null;
  }

  /** Whether a key has failed somewhere and is still without an outcome. */
  boolean hasMissed(int position) {
    return isOpen(position) && misses != null && misses.last[position] != null;
  }

  /** Whether the last region to be asked was only behind. */
  boolean isBehind(int position) {
    return misses().behind[position];
  }

  /** Whether another region may do better than the last. */
  boolean mayBeBetterElsewhere(int position) {
    var cause = misses().last[position];
    return cause != null && (isBehind(position) || Causes.mayBeBetterElsewhere(cause));
  }

  /** Whether to ask another region is an attempt in addition. */
  boolean costs(int position) {
    var cause = misses().last[position];
    return cause != null && !isBehind(position) && !Causes.wasNeverSent(cause);
  }

  /**
   * No region is asked any more for a key: it has its outcome.
   *
   * @param acceptBehind whether what is too old will do, if there is nothing else
   */
  ReadOutcome giveUp(int position, boolean acceptBehind) {
    var known = misses();
    var newest = known.newest[position];
    var cause = known.failures.of(position);
    if (cause == null) {
      throw new IllegalStateException("failures: none (expected: one)");
    }
    var outcome = acceptBehind && newest != null
        ? Labels.with(newest, Origin::ofBehind)
        : new ReadOutcome.Failed(cause, newest);
    outcomes[position] = outcome;
    return outcome;
  }

  /** All outcomes, once every key has one. */
  ReadResult result() {
    return new ReadResult(Arrays.asList(outcomes));
  }

  private Misses misses() {
    var known = misses;
    if (known == null) {
      known = new Misses(outcomes.length);
      misses = known;
    }
    return known;
  }
}
