package dev.tiercel.guard;

import dev.tiercel.backend.Backend;
import dev.tiercel.builtin.Backends;
import dev.tiercel.testing.FakeTimeBackendContract;

class GuardedBackendContractTest extends FakeTimeBackendContract {

  @Override
  protected Backend create() {
    return new GuardedBackend(Backends.inMemoryStore(16 << 20, time), 100, time);
  }
}
