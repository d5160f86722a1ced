package dev.tiercel;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import java.util.concurrent.CompletableFuture;

/**
 * A source whose next reads fail, those among them that were held on their way to it: what a
 * {@link dev.tiercel.testing.StagedBackend} lets go always arrives.
 */
final class FailingSource extends ForwardingBackend {

  /** How many reads fail from now on. */
  int failures;

  FailingSource(Backend behind) {
    super(behind);
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    if (failures == 0) {
      return super.read(request, context);
    }
    failures--;
    return CompletableFuture.failedFuture(Rig.down());
  }
}
