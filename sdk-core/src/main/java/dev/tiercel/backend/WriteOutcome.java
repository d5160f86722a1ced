package dev.tiercel.backend;

import dev.tiercel.error.ServingException;
import java.util.Objects;

/** What became of one mutation. */
public sealed interface WriteOutcome {

  /**
   * Applied and acknowledged.
   *
   * @param version the version now stored, 0 if the backend keeps none
   */
  record Stored(long version) implements WriteOutcome {}

  /**
   * Not applied: its condition did not hold.
   *
   * @param storedVersion the version that stands in the way (a tombstone's too), 0 if there is none
   *     or it is unknown
   */
  record Rejected(long storedVersion) implements WriteOutcome {}

  /**
   * Not applied, or, if the cause is {@link dev.tiercel.error.OutcomeUnknown}, perhaps applied.
   *
   * @param cause why
   */
  record Failed(ServingException cause) implements WriteOutcome {
    /** Requires a cause. */
    public Failed {
      Objects.requireNonNull(cause, "cause");
    }
  }
}
