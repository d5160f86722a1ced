package dev.tiercel.health;

/**
 * How an endpoint is doing right now, for whoever decides whether to send it more than it must get.
 *
 * <p>Thread-safe; each reading is of its own instant.
 */
public interface Vitals {

  /** Which endpoint. */
  Endpoint endpoint();

  /** Its state. It is never healthy while everything it is asked fails, at any rate of calls. */
  EndpointState state();

  /** Calls on their way to it, those given up but not yet gone included. */
  int inFlight();

  /** How many calls may be on their way to it now, at least 1. */
  int limit();

  /**
   * Whether it may be sent a call that is not strictly needed: it is healthy, has not pushed back
   * lately, and its limiter is far from full.
   */
  boolean takesMore();
}
