package dev.tiercel.testing.check;

/** What became of a write or an invalidation. */
public sealed interface Outcome {

  /**
   * It was done.
   *
   * @param version the version it was given, 0 if none
   */
  record Acknowledged(long version) implements Outcome {}

  /**
   * It may or may not have been done. This obliges nobody until a read has shown that it was.
   *
   * @param error what the caller was told, as in {@link Answer.Failed}; {@link #UNFINISHED} if the
   *     process ended first
   */
  record Unknown(String error) implements Outcome {

    /** In place of an error: nobody was told anything. */
    public static final String UNFINISHED = "unfinished";
  }

  /**
   * It was not done, and nobody may ever see it.
   *
   * @param error the simple name of the {@link dev.tiercel.error.ServingException}
   */
  record Refused(String error) implements Outcome {}
}
