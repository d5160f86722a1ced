package dev.tiercel.builtin;

import dev.tiercel.backend.Backend;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;

class LoadingContractTest extends LoadingContract {
  @Override
  protected Backend create() {
    return Backends.loading(KeyFormat.string(), Codecs.bytes(), this::select, Runnable::run);
  }
}
