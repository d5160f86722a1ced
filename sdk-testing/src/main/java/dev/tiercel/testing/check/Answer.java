package dev.tiercel.testing.check;

import dev.tiercel.backend.Tier;

/** What a read was told. */
public sealed interface Answer {

  /** The label of an answer that nothing is known against. */
  String FRESH = "FRESH";

  /**
   * A value with its labels.
   *
   * @param id the number of the write that wrote it; {@link #NOBODY} if it is none of ours
   * @param version its version, 0 if the source keeps none
   * @param tier the tier that answered
   * @param ageNanos how long ago, at most, the source of record is said to have held it
   * @param staleness why it may be stale; {@link #FRESH} if no reason is known
   */
  record Value(long id, long version, Tier tier, long ageNanos, String staleness)
      implements Answer {

    /** The number of a value that no recorded write can have written. */
    public static final long NOBODY = -1;

    /** Whether it is said to be fresh. */
    public boolean fresh() {
      return staleness.equals(FRESH);
    }
  }

  /** There is no value. */
  record Absent() implements Answer {}

  /**
   * No answer.
   *
   * @param error the simple name of the {@link dev.tiercel.error.ServingException}, or the full
   *     name of any other exception, which breaks {@link Rule#TYPED_ERRORS}
   */
  record Failed(String error) implements Answer {}
}
