package dev.tiercel.samples.benchmarks.load;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;

/** Counts what is really sent to an endpoint, below everything that may refuse it. */
final class CountingBackend extends ForwardingBackend {

  private final LongAdder reads;

  CountingBackend(Backend endpoint, LongAdder reads) {
    super(endpoint);
    this.reads = reads;
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    reads.increment();
    return super.read(request, context);
  }
}
