package dev.tiercel.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.Maps;
import com.google.common.primitives.ImmutableLongArray;
import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.Tier;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.builtin.Backends;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.testing.FakeTime;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplayTest {

  private static final long SEED = 11;
  private static final int NEVER = 0;
  private static final int ALWAYS = 1;

  private final FakeTime time = new FakeTime();
  private final Backend store = Backends.inMemoryStore(64 << 20, time);
  private final Measurements measured = new Measurements();
  private final StringWriter printed = new StringWriter();

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void run_everyRequest_isAnsweredByTheTierThatHasIt() throws Exception {
    replay(store, NEVER, 1, 2, 1, 1, 2);
    assertThat(measured.latencies(Tier.SOURCE).getTotalCount()).isEqualTo(2);
    assertThat(measured.latencies(Tier.LOCAL).getTotalCount()).isEqualTo(3);
    assertThat(measured.sourceLoads()).isEqualTo(2);
    assertThat(measured.errors()).isEmpty();
    assertThat(measured.mismatches()).isZero();
  }

  @Test
  void run_writes_areMeasuredAndSeen() throws Exception {
    replay(store, ALWAYS, 1, 1, 1);
    replay(store, NEVER, 2);
    assertThat(measured.writes().getTotalCount()).isEqualTo(3);
    assertThat(measured.mismatches()).isZero();
  }

  @Test
  void run_vectorOfAnotherItem_isAMismatch() throws Exception {
    replay(new SwappingBackend(store), NEVER, 1);
    assertThat(measured.mismatches()).isEqualTo(1);
    assertThat(measured.firstMismatches())
        .containsExactly("item 1: not a vector of this item (expected: generation 1 to 1)");
  }

  @Test
  void run_failedCalls_areCountedByType() throws Exception {
    replay(new BrokenBackend(store), NEVER, 1, 2);
    replay(new BrokenBackend(store), ALWAYS, 3);
    assertThat(measured.errors()).containsOnlyKeys("Unavailable").containsEntry("Unavailable", 3L);
    assertThat(measured.mismatches()).isZero();
  }

  @Test
  void run_answerThatCannotBeMeasured_failsTheRun() {
    // A bug of the program itself, met after the answer has come: there is nowhere to count it.
    for (var writeShare : List.of(NEVER, ALWAYS)) {
      assertThatThrownBy(() -> replay(store, null, writeShare, 1))
          .isInstanceOf(IllegalStateException.class)
          .hasRootCauseInstanceOf(NullPointerException.class);
    }
  }

  private void replay(Backend source, double writeShare, long... items)
      throws InterruptedException {
    replay(source, measured, writeShare, items);
  }

  private void replay(Backend source, Measurements into, double writeShare, long... items)
      throws InterruptedException {
    var trace = new Trace("some", ImmutableLongArray.copyOf(items));
    var cache = Backends.inMemoryCache(64 << 20, time);
    var loader = new FeatureLoader(new KeptOpen(store));
    loader
        .load(Maps.toMap(List.of(1L, 2L, 3L), item -> Features.of(item, Features.FIRST_GENERATION)))
        .join();
    loader.close();
    try (var service = new FeatureService(cache, new KeptOpen(source), measured)) {
      var progress =
          new Progress(new PrintWriter(printed), "replayed", items.length, () -> "", time::nanos);
      // One at a time, so that the order of the answers is the order of the requests.
      new Replay(service, new Ledger(trace.distinct()), into, 1, writeShare, SEED)
          .run(trace, progress);
    }
  }

  /** Outlives the client that uses it. */
  private static final class KeptOpen extends ForwardingBackend {
    KeptOpen(Backend delegate) {
      super(delegate);
    }

    @Override
    public void close() {}
  }

  /** Answers with item 2, whatever it is asked for. */
  private static final class SwappingBackend extends ForwardingBackend {
    SwappingBackend(Backend delegate) {
      super(delegate);
    }

    @Override
    public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
      return super.read(request.withKeys(List.of("2")), context);
    }
  }

  /** Is down. */
  private static final class BrokenBackend extends ForwardingBackend {
    BrokenBackend(Backend delegate) {
      super(delegate);
    }

    @Override
    public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
      return CompletableFuture.completedFuture(ReadResult.failed(request.keys().size(), down()));
    }

    @Override
    public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
      return CompletableFuture.completedFuture(
          WriteResult.failed(request.mutations().size(), down()));
    }

    private static Unavailable down() {
      return new Unavailable("backend: down (expected: up)", Where.NOWHERE, null);
    }
  }
}
