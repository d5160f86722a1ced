package dev.tiercel.backend;

import dev.tiercel.time.Deadline;
import java.time.Duration;

/**
 * What travels down the path with a call.
 *
 * @param deadline when the call must have ended
 * @param attempt which attempt this is, from 1
 * @param occupancy hears of what outlives the call
 */
public record CallContext(Deadline deadline, int attempt, Occupancy occupancy) {

  /** An attempt whose end alone counts. */
  public CallContext(Deadline deadline, int attempt) {
    this(deadline, attempt, Occupancy.NONE);
  }

  /** The first attempt of a call. */
  public static CallContext of(Deadline deadline) {
    return new CallContext(deadline, 1);
  }

  /** The same call with at most {@code timeout} for what comes below. */
  public CallContext within(Duration timeout) {
    return new CallContext(deadline.within(timeout), attempt, occupancy);
  }

  /** The same call as another attempt. */
  public CallContext attempt(int number) {
    return new CallContext(deadline, number, occupancy);
  }

  /** The same call, counted by somebody else. */
  public CallContext occupying(Occupancy other) {
    return new CallContext(deadline, attempt, other);
  }
}
