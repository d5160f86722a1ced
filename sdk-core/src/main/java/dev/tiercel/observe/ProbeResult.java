package dev.tiercel.observe;

import dev.tiercel.backend.Staleness;
import dev.tiercel.backend.Tier;
import java.time.Duration;

/**
 * What came of comparing one answer of a cache with the source of record.
 *
 * <p>An answer is judged as of when its call began. The source is asked later, consistently, past
 * every cache; its version tells when its value was written. Three things follow. Versions are told
 * by the writers' clocks: one that is off by some time makes the age of a disagreement off by as
 * much, and a shorter disagreement come or go. A version is as old as the write's beginning, so an
 * answer given while a write was on its way counts as overtaken by it. And the source keeps the
 * last version only: of a key written again within the delay, an earlier disagreement is not seen,
 * which {@link Verdict#WRITTEN_SINCE} counts.
 *
 * @param keyspace the keyspace's name
 * @param tier the tier that answered, local or remote
 * @param staleness the label of the answer; one that was {@link Staleness#FRESH} promised the most
 * @param verdict what was found
 * @param overtakenFor for how long, when the answer was given, the source had been told something
 *     newer, at most; zero if that is not known or did not happen
 */
public record ProbeResult(
    String keyspace, Tier tier, Staleness staleness, Verdict verdict, Duration overtakenFor) {

  /** How an answer and the source of record compare. */
  public enum Verdict {
    /** The same version, or neither has a value; without versions, the same value. */
    SAME(true),
    /** The source holds something else, but nothing speaks against the answer when it was given. */
    WRITTEN_SINCE(true),
    /** The source holds something newer that was written before the answer was given. */
    OVERTAKEN(false),
    /** The source holds an older version than the answer's: it lost a write, or was set back. */
    AHEAD(false),
    /**
     * The source holds something else and does not say since when (it keeps no versions, say), and
     * some time later what the caches held was still something else.
     */
    DIFFERENT(false);

    private final boolean agrees;

    Verdict(boolean agrees) {
      this.agrees = agrees;
    }

    /** Whether the answer was right when it was given, as far as the source can tell. */
    public boolean agrees() {
      return agrees;
    }
  }

  /** Whether the answer was right when it was given, as far as the source can tell. */
  public boolean agrees() {
    return verdict.agrees();
  }
}
