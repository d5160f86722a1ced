package dev.tiercel.hedge;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Lease;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.health.Endpoint;
import dev.tiercel.health.EndpointState;
import dev.tiercel.health.Vitals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An endpoint whose every call waits for its answer until a test gives it. */
final class FakeEndpoint implements Backend, Vitals {

  static final Origin ORIGIN = Origin.source("here");

  /** A read on its way. */
  record Read(ReadRequest request, CallContext context, CompletableFuture<ReadResult> answer) {

    void found(long version) {
      answer(FakeEndpoint.found(version));
    }

    void answer(ReadOutcome outcome) {
      answer.complete(new ReadResult(request.keys().stream().map(key -> outcome).toList()));
    }

    void answers(ReadOutcome... outcomes) {
      answer.complete(new ReadResult(List.of(outcomes)));
    }
  }

  final List<Read> reads = new ArrayList<>();
  final List<CompletableFuture<WriteResult>> writes = new ArrayList<>();
  final List<Mutation> mutations = new ArrayList<>();
  EndpointState state = EndpointState.HEALTHY;
  boolean takesMore = true;
  boolean closed;
  boolean ignoresCancel;

  /** What reads are answered with at once, without being sent; null to send them. */
  @Nullable
  ReadResult refuses;

  private final Endpoint endpoint;
  private final Set<Feature> features;

  FakeEndpoint(String id, Feature... features) {
    this.endpoint = new Endpoint("fake", "here", id);
    this.features = Set.of(features);
  }

  static ReadOutcome found(long version) {
    return new ReadOutcome.Found(new EncodedEntry(new byte[1], 0, 0, version, 0, 0, 0), ORIGIN);
  }

  static ReadOutcome absent() {
    return ReadOutcome.Absent.unknown(ORIGIN);
  }

  static ReadOutcome leased(long token) {
    return new ReadOutcome.Absent(null, ORIGIN, new Lease(token, 1_000), null);
  }

  static WriteRequest put(String key) {
    return write(new Mutation.Put(key, EncodedEntry.plain(new byte[1]), Condition.ALWAYS));
  }

  static WriteRequest forget(String key) {
    return write(new Mutation.Forget(key, Duration.ZERO));
  }

  static WriteRequest write(Mutation mutation) {
    return new WriteRequest("k", List.of(mutation));
  }

  /** Whether it is in the zone of whoever asks. */
  boolean near = true;

  Route main() {
    return Route.main(this, this);
  }

  Route replica(Duration maxLag) {
    return new Route(this, this, maxLag, near);
  }

  Read read(int index) {
    return reads.get(index);
  }

  Read lastRead() {
    return reads.get(reads.size() - 1);
  }

  void stored(long version) {
    writes
        .get(writes.size() - 1)
        .complete(new WriteResult(List.of(new WriteOutcome.Stored(version))));
  }

  @Override
  public String name() {
    return endpoint.backend();
  }

  @Override
  public String region() {
    return endpoint.region();
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(1_000, 1_000, 1_000, 1_000, features);
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    var refusal = refuses;
    if (refusal != null) {
      return CompletableFuture.completedFuture(refusal);
    }
    var answer = new CompletableFuture<ReadResult>() {
      @Override
      public boolean cancel(boolean mayInterruptIfRunning) {
        return !ignoresCancel && super.cancel(mayInterruptIfRunning);
      }
    };
    reads.add(new Read(request, context, answer));
    return answer;
  }

  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    var answer = new CompletableFuture<WriteResult>();
    mutations.addAll(request.mutations());
    writes.add(answer);
    return answer;
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public Endpoint endpoint() {
    return endpoint;
  }

  @Override
  public EndpointState state() {
    return state;
  }

  @Override
  public int inFlight() {
    return (int) reads.stream().filter(read -> !read.answer.isDone()).count();
  }

  @Override
  public int limit() {
    return 100;
  }

  @Override
  public boolean takesMore() {
    return takesMore;
  }
}
