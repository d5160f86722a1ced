package dev.tiercel.builtin;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.error.InvalidRequest;
import dev.tiercel.error.Where;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A backend whose writes are refused, and that grants no leases: a lease is something written, too.
 */
final class ReadOnlyBackend extends ForwardingBackend {

  private static final Set<Feature> WRITES = Set.of(
      Feature.WRITE,
      Feature.IF_ABSENT,
      Feature.IF_VERSION,
      Feature.IF_NEWER,
      Feature.LEASES,
      Feature.GROUPS,
      Feature.MARKS);

  ReadOnlyBackend(Backend delegate) {
    super(delegate);
  }

  @Override
  public Capabilities capabilities() {
    return super.capabilities().without(WRITES);
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    return super.read(request.withLease(Duration.ZERO), context);
  }

  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    var refusal = new InvalidRequest(
        "write: to a read-only backend (expected: reads)", Where.at(name(), region()), null);
    return CompletableFuture.completedFuture(
        WriteResult.failed(request.mutations().size(), refusal));
  }
}
