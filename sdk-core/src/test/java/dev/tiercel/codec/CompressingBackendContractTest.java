package dev.tiercel.codec;

import dev.tiercel.backend.Backend;
import dev.tiercel.builtin.Backends;
import dev.tiercel.testing.FakeTimeBackendContract;

class CompressingBackendContractTest extends FakeTimeBackendContract {

  @Override
  protected Backend create() {
    return new CompressingBackend(
        Backends.inMemoryStore(16 << 20, time), CODEC, Compression.lz4(0));
  }

  @Override
  public int compression() {
    return 0;
  }
}
