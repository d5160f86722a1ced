package dev.tiercel.region;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.time.Deadline;
import java.util.List;

/**
 * What a caller asked for.
 *
 * @param patience the deadline of who began the read, at or before the read's
 * @param acceptBehind whether what is older than the request wants will do, where nobody has
 *     anything newer
 */
record Ask(ReadRequest request, CallContext context, Deadline patience, boolean acceptBehind) {

  /** That of whoever still waits: of those who joined the read, if its first reader has left. */
  Deadline patienceNow() {
    return patience.hasPassed() ? context.deadline() : patience;
  }

  /** The same for other keys. */
  Ask of(List<String> keys) {
    return new Ask(request.withKeys(keys), context, patience, acceptBehind);
  }
}
