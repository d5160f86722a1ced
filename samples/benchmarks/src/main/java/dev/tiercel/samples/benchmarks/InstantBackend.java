package dev.tiercel.samples.benchmarks;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.time.SystemTime;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Has the answer to every read at hand. For one thread. */
final class InstantBackend implements Backend {

  static final ReadResult ANSWER = new ReadResult(
      List.of(new ReadOutcome.Found(EncodedEntry.plain(new byte[Long.BYTES]), Origin.source(""))));

  private final SystemTime time = new SystemTime("bench-bare-timer");
  private final boolean later;
  private @Nullable CompletableFuture<ReadResult> waiting;

  /**
   * A backend.
   *
   * @param later whether a read is answered only by {@link #answer}
   */
  InstantBackend(boolean later) {
    this.later = later;
  }

  /** Answers the read that waits, if one does. */
  void answer() {
    if (waiting != null) {
      waiting.complete(ANSWER);
      waiting = null;
    }
  }

  /** What deadlines are measured with; its timer thread never starts. */
  SystemTime time() {
    return time;
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    if (!later) {
      return CompletableFuture.completedFuture(ANSWER);
    }
    waiting = new CompletableFuture<>();
    return waiting;
  }

  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    throw new UnsupportedOperationException("write: in a benchmark (expected: reads)");
  }

  @Override
  public String name() {
    return "instant";
  }

  @Override
  public String region() {
    return "";
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(100, 100, 1_024, 1_024, Set.of(Feature.HEDGED_READS));
  }

  @Override
  public void close() {}
}
