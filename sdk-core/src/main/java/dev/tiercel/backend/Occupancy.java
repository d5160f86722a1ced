package dev.tiercel.backend;

import java.util.concurrent.CompletableFuture;

/**
 * Hears of work that goes on at a backend after its call has been given up: a cancelled command
 * that Redis runs all the same, a cancelled request that keeps its connection. Whoever bounds the
 * calls in flight counts such a call until it is really gone.
 *
 * <p>Thread-safe.
 */
@FunctionalInterface
public interface Occupancy {

  /** Hears nothing: nobody bounds this call. */
  Occupancy NONE = end -> {};

  /**
   * The call occupies the backend until its own future has ended and this one has, too.
   *
   * @param end must end sooner or later, also when the backend is lost or closed; only its end
   *     counts, not how it ends. Named before the call's own future ends
   */
  void until(CompletableFuture<?> end);
}
