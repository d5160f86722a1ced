package dev.tiercel.region;

import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Throttled;
import dev.tiercel.error.Unavailable;
import dev.tiercel.region.RegionHealth.Verdict;

/** What the outcome of a key says of the region it is from. */
final class Causes {

  private Causes() {}

  /** Whether another region may do better. */
  static boolean mayBeBetterElsewhere(ServingException cause) {
    return cause instanceof Unavailable
        || cause instanceof DeadlineExceeded
        || cause instanceof Overloaded
        || cause instanceof Throttled;
  }

  /** Whether the region was never asked: to ask another adds nothing to what is sent. */
  static boolean wasNeverSent(ServingException cause) {
    return cause.where().attempts() == 0;
  }

  /** What one key's outcome says: that a region is behind is an answer. */
  static Verdict verdict(ReadOutcome outcome) {
    return outcome instanceof ReadOutcome.Failed failed && failed.older() == null
        ? verdict(failed.cause())
        : Verdict.ANSWERED;
  }

  /** What one key's failure says. */
  static Verdict verdict(ServingException cause) {
    if (cause instanceof Overloaded || cause instanceof Throttled) {
      return Verdict.IGNORED;
    }
    if (cause instanceof Unavailable
        || cause instanceof DeadlineExceeded
        || cause instanceof OutcomeUnknown) {
      return wasNeverSent(cause) ? Verdict.IGNORED : Verdict.FAILED;
    }
    return Verdict.ANSWERED;
  }
}
