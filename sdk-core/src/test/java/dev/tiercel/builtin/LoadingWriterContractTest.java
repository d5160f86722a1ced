package dev.tiercel.builtin;

import dev.tiercel.backend.Backend;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;

class LoadingWriterContractTest extends LoadingContract {
  @Override
  protected Backend create() {
    var writer = new SourceWriter<String, byte[]>() {
      @Override
      public void put(String key, byte[] value) {
        rows.put(key, value);
      }

      @Override
      public void remove(String key) {
        rows.remove(key);
      }
    };
    return Backends.loading(KeyFormat.string(), Codecs.bytes(), this::select, Runnable::run)
        .maxReadKeys(50)
        .writing(writer, Runnable::run);
  }
}
