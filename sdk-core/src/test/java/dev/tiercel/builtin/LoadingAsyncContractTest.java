package dev.tiercel.builtin;

import dev.tiercel.backend.Backend;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import java.util.concurrent.CompletableFuture;

class LoadingAsyncContractTest extends LoadingContract {
  @Override
  protected Backend create() {
    return Backends.loadingAsync(
        KeyFormat.string(),
        Codecs.bytes(),
        keys -> CompletableFuture.completedFuture(select(keys)));
  }
}
