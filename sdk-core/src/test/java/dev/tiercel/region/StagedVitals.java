package dev.tiercel.region;

import dev.tiercel.health.Endpoint;
import dev.tiercel.health.EndpointState;
import dev.tiercel.health.Vitals;

/** An endpoint that is doing as the test says. */
final class StagedVitals implements Vitals {

  private final Endpoint endpoint;
  volatile EndpointState state = EndpointState.HEALTHY;
  volatile boolean takesMore = true;

  StagedVitals(String backend) {
    endpoint = Endpoint.primary(backend, "near");
  }

  @Override
  public Endpoint endpoint() {
    return endpoint;
  }

  @Override
  public EndpointState state() {
    return state;
  }

  @Override
  public int inFlight() {
    return 0;
  }

  @Override
  public int limit() {
    return 1;
  }

  @Override
  public boolean takesMore() {
    return takesMore;
  }
}
