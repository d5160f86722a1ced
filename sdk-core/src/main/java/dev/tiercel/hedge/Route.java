package dev.tiercel.hedge;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.Replica;
import dev.tiercel.health.Vitals;
import java.time.Duration;
import java.util.Objects;

/**
 * A way to a backend's data: one of its endpoints.
 *
 * @param backend asks the endpoint; never throws, and its futures end with one outcome per key
 * @param vitals how the endpoint is doing
 * @param maxLag how much later than the main endpoint it may be, see {@link Replica#maxLag()}; zero
 *     for the main endpoint itself
 * @param near whether it is as near as any: replicas that are not are asked when no near one takes
 *     more
 */
public record Route(Backend backend, Vitals vitals, Duration maxLag, boolean near) {

  /** Checks the bound. */
  public Route {
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(vitals, "vitals");
    if (maxLag.isNegative()) {
      throw new IllegalArgumentException("maxLag: " + maxLag + " (expected: zero or more)");
    }
  }

  /** A way to an endpoint as near as any. */
  public Route(Backend backend, Vitals vitals, Duration maxLag) {
    this(backend, vitals, maxLag, true);
  }

  /** The way to the main endpoint. */
  public static Route main(Backend backend, Vitals vitals) {
    return new Route(backend, vitals, Duration.ZERO);
  }

  /** Whether this is the way to a replica. */
  public boolean isReplica() {
    return !maxLag.isZero();
  }
}
