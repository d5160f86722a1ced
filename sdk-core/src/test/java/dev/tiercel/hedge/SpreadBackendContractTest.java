package dev.tiercel.hedge;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.builtin.Backends;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * With replicas that hold nothing, or everything, and fail on all that only the main one can do.
 */
class SpreadBackendContractTest extends HedgedBackendContractTest {

  @Override
  protected Backend create() {
    var store = Backends.inMemoryCache(16 << 20, time);
    var empty = Backends.inMemoryCache(1 << 10, time);
    return over(
        store,
        List.of(replica("replica-1", new LeaseLess(store)), replica("replica-2", empty)),
        ReplicaReads.SPREAD);
  }

  private static Route replica(String id, Backend backend) {
    return new Route(backend, new FakeEndpoint(id), Duration.ofMillis(10));
  }

  private static final class LeaseLess extends ForwardingBackend {
    LeaseLess(Backend delegate) {
      super(delegate);
    }

    @Override
    public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
      if (!request.lease().isZero() || request.freshness().consistent()) {
        throw new AssertionError("a replica was asked for what only the main endpoint can do");
      }
      return super.read(request, context);
    }
  }
}
