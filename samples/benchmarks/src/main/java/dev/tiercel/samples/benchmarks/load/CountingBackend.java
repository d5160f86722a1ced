package dev.tiercel.samples.benchmarks.load;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.Replica;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the keys that are really sent to a backend's endpoints, below everything that may refuse
 * them.
 */
final class CountingBackend extends ForwardingBackend {

  private final LongAdder keys;
  private final List<Replica> replicas;

  CountingBackend(Backend endpoint) {
    this(endpoint, new LongAdder());
  }

  private CountingBackend(Backend endpoint, LongAdder keys) {
    super(endpoint);
    this.keys = keys;
    replicas = endpoint.replicas().stream()
        .map(replica -> new Replica(
            new CountingBackend(replica.backend(), keys), replica.maxLag(), replica.zone()))
        .toList();
  }

  /** How many, by all endpoints. */
  long keys() {
    return keys.sum();
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    keys.add(request.keys().size());
    return super.read(request, context);
  }

  @Override
  public List<Replica> replicas() {
    return replicas;
  }
}
