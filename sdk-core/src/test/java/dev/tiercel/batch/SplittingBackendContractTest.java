package dev.tiercel.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.builtin.Backends;
import dev.tiercel.testing.FakeTimeBackendContract;
import java.util.concurrent.CompletableFuture;

/** Requests of any size to a backend that takes three keys and two mutations. */
class SplittingBackendContractTest extends FakeTimeBackendContract {

  @Override
  protected Backend create() {
    var splitting =
        new SplittingBackend(new Narrow(Backends.inMemoryStore(16 << 20, time)), () -> 4);
    return new ForwardingBackend(splitting) {
      @Override
      public Capabilities capabilities() {
        return sized(super.capabilities(), 500, 500);
      }
    };
  }

  private static Capabilities sized(Capabilities all, int maxReadKeys, int maxWriteMutations) {
    return new Capabilities(
        maxReadKeys, maxWriteMutations, all.maxKeyBytes(), all.maxValueBytes(), all.features());
  }

  private static final class Narrow extends ForwardingBackend {

    Narrow(Backend delegate) {
      super(delegate);
    }

    @Override
    public Capabilities capabilities() {
      return sized(super.capabilities(), 3, 2);
    }

    @Override
    public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
      assertThat(request.keys()).hasSizeLessThanOrEqualTo(3);
      return super.read(request, context);
    }

    @Override
    public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
      assertThat(request.mutations()).hasSizeLessThanOrEqualTo(2);
      return super.write(request, context);
    }
  }
}
