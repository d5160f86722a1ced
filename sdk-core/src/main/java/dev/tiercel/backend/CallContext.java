package dev.tiercel.backend;

import dev.tiercel.time.Deadline;
import java.time.Duration;

/**
 * What travels down the path with a call.
 *
 * @param deadline when the call must have ended
 * @param attempt which attempt this is, from 1
 */
public record CallContext(Deadline deadline, int attempt) {

  /** The first attempt of a call. */
  public static CallContext of(Deadline deadline) {
    return new CallContext(deadline, 1);
  }

  /** The same call with at most {@code timeout} for what comes below. */
  public CallContext within(Duration timeout) {
    return new CallContext(deadline.within(timeout), attempt);
  }
}
