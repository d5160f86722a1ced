package dev.tiercel.backend;

import dev.tiercel.error.ServingException;
import java.util.Collections;
import java.util.List;

/**
 * The outcomes of a read, one per key in the order of the request.
 *
 * @param outcomes one per key
 */
public record ReadResult(List<ReadOutcome> outcomes) {

  /** Copies the outcomes. */
  public ReadResult {
    outcomes = List.copyOf(outcomes);
  }

  /** The same failure for each of {@code count} keys. */
  public static ReadResult failed(int count, ServingException cause) {
    return new ReadResult(Collections.nCopies(count, new ReadOutcome.Failed(cause)));
  }
}
