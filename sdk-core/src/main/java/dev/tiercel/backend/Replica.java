package dev.tiercel.backend;

import java.time.Duration;
import java.util.Objects;

/**
 * Another endpoint that answers reads of a backend's data, perhaps a little later than the backend
 * itself.
 *
 * @param backend only read, without leases. What it answers holds everything the backend had
 *     acknowledged {@code maxLag} before the read was sent; where it cannot be sure of that, the
 *     key is {@link ReadOutcome.Failed}. A key it does not know may be there all the same: its
 *     {@link ReadOutcome.Absent} proves nothing
 * @param maxLag how much later at most, more than zero
 * @param zone the availability zone it is in, empty if that is not known
 */
public record Replica(Backend backend, Duration maxLag, String zone) {

  /** Checks the bound. */
  public Replica {
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(zone, "zone");
    if (maxLag.isNegative() || maxLag.isZero()) {
      throw new IllegalArgumentException("maxLag: " + maxLag + " (expected: more than zero)");
    }
  }

  /** A replica somewhere. */
  public Replica(Backend backend, Duration maxLag) {
    this(backend, maxLag, "");
  }
}
