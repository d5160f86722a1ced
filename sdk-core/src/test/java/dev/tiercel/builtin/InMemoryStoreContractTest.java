package dev.tiercel.builtin;

import dev.tiercel.backend.Backend;
import dev.tiercel.testing.FakeTimeBackendContract;

class InMemoryStoreContractTest extends FakeTimeBackendContract {

  @Override
  protected Backend create() {
    return Backends.inMemoryStore(16 << 20, time);
  }
}
