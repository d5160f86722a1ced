package dev.tiercel.backend;

import dev.tiercel.error.ServingException;
import java.util.Collections;
import java.util.List;

/**
 * The outcomes of a read, one per key in the order of the request.
 *
 * @param outcomes one per key
 * @param barriers those of the keyspace that the reader did not know yet, raised before any of the
 *     outcomes was decided
 */
public record ReadResult(List<ReadOutcome> outcomes, Barriers barriers) {

  /** Copies the outcomes. */
  public ReadResult {
    outcomes = List.copyOf(outcomes);
  }

  /** Outcomes alone: there is no barrier the reader did not know. */
  public ReadResult(List<ReadOutcome> outcomes) {
    this(outcomes, Barriers.NONE);
  }

  /** The same failure for each of {@code count} keys. */
  public static ReadResult failed(int count, ServingException cause) {
    return new ReadResult(Collections.nCopies(count, new ReadOutcome.Failed(cause)));
  }
}
