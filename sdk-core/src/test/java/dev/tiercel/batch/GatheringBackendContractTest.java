package dev.tiercel.batch;

import dev.tiercel.backend.Backend;
import dev.tiercel.builtin.Backends;
import dev.tiercel.testing.FakeTimeBackendContract;

class GatheringBackendContractTest extends FakeTimeBackendContract {

  @Override
  protected Backend create() {
    return new GatheringBackend(Backends.inMemoryStore(16 << 20, time), () -> 1, 100, time);
  }
}
