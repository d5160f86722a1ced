package dev.tiercel.backend;

import dev.tiercel.error.ServingException;
import java.util.Collections;
import java.util.List;

/**
 * The outcomes of a write, one per mutation in the order of the request.
 *
 * @param outcomes one per mutation
 */
public record WriteResult(List<WriteOutcome> outcomes) {

  /** Copies the outcomes. */
  public WriteResult {
    outcomes = List.copyOf(outcomes);
  }

  /** The same failure for each of {@code count} mutations. */
  public static WriteResult failed(int count, ServingException cause) {
    return new WriteResult(Collections.nCopies(count, new WriteOutcome.Failed(cause)));
  }
}
