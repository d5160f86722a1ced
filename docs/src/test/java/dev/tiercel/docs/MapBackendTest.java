package dev.tiercel.docs;

import dev.tiercel.backend.Backend;
import dev.tiercel.testing.BackendContract;

/** The code of "Writing a backend": a backend over a map, and its contract. */
// region contract
class MapBackendTest extends BackendContract {

  @Override
  protected Backend create() {
    return new MapBackend();
  }
}
// endregion
