package dev.tiercel.guard;

import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Throttled;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import java.time.Duration;

/** What the failures of several attempts mean together. */
final class Attempts {

  private Attempts() {}

  /**
   * Whether a key that failed so was not served but may be soon. A failure without an attempt was
   * decided here, and would be decided again.
   */
  static boolean mayPass(ServingException failure) {
    return (failure instanceof Unavailable || failure instanceof Throttled)
        && failure.where().attempts() > 0;
  }

  /**
   * Whether time ran out, for a write too: adapters tell that by the cause of what is unknown then.
   * Copies have the original as their cause.
   */
  static boolean isLate(ServingException failure) {
    Throwable cause = failure;
    while (cause instanceof OutcomeUnknown) {
      cause = cause.getCause();
    }
    return cause instanceof DeadlineExceeded;
  }

  /** Whether a failure says nothing of the key itself. */
  static boolean isTransient(ServingException failure) {
    return failure instanceof Unavailable
        || failure instanceof Throttled
        || failure instanceof Overloaded
        || failure instanceof DeadlineExceeded
        || failure instanceof OutcomeUnknown;
  }

  /**
   * The failure of a key that failed twice: a copy, since failures are shared.
   *
   * @param told the one to tell
   * @param other the one to add to it
   */
  static ServingException both(ServingException told, ServingException other, Duration elapsed) {
    var place = told.where();
    var attempts = place.attempts() + other.where().attempts();
    var copy =
        told.at(new Where(place.backend(), place.region(), place.keyspace(), elapsed, attempts));
    for (var earlier : told.getSuppressed()) {
      copy.addSuppressed(earlier);
    }
    copy.addSuppressed(other);
    return copy;
  }
}
