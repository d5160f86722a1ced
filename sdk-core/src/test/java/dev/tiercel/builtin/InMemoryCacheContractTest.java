package dev.tiercel.builtin;

import dev.tiercel.backend.Backend;
import dev.tiercel.testing.FakeTimeBackendContract;

class InMemoryCacheContractTest extends FakeTimeBackendContract {

  @Override
  protected Backend create() {
    return Backends.inMemoryCache(16 << 20, time);
  }
}
