package dev.tiercel.guard;

import dev.tiercel.backend.Backend;
import dev.tiercel.builtin.Backends;
import dev.tiercel.health.Endpoint;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.testing.FakeTimeBackendContract;

class GuardedBackendContractTest extends FakeTimeBackendContract {

  @Override
  protected Backend create() {
    return new GuardedBackend(
        Backends.inMemoryStore(16 << 20, time),
        Endpoint.primary("memory", ""),
        LimiterPolicy.defaults(),
        BreakerPolicy.defaults(),
        ServingListener.NONE,
        new Fraction(0.5),
        time);
  }
}
