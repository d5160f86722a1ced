package dev.tiercel.samples.benchmarks.sim;

import dev.tiercel.health.Endpoint;
import dev.tiercel.health.EndpointState;
import dev.tiercel.health.Vitals;

/**
 * An endpoint nobody watches.
 *
 * @param endpoint which one
 */
record AlwaysWell(Endpoint endpoint) implements Vitals {

  @Override
  public EndpointState state() {
    return EndpointState.HEALTHY;
  }

  @Override
  public int inFlight() {
    return 0;
  }

  @Override
  public int limit() {
    return Integer.MAX_VALUE;
  }

  @Override
  public boolean takesMore() {
    return true;
  }
}
