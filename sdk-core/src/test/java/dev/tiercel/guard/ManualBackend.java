package dev.tiercel.guard;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Answers when the test says so. */
final class ManualBackend implements Backend {

  /** A call the test has to answer. */
  record Call<Q, R>(Q request, CallContext context, CompletableFuture<R> answer) {}

  final Deque<Call<ReadRequest, ReadResult>> reads = new ArrayDeque<>();
  final Queue<Call<WriteRequest, WriteResult>> writes = new ArrayDeque<>();
  boolean closed;

  /** Thrown instead, if not null. */
  Throwable thrown;

  /** Whether null is returned instead. */
  boolean returnsNull;

  /** Returned by the next call, if not null. */
  CompletableFuture<?> next;

  @Override
  public String name() {
    return "manual";
  }

  @Override
  public String region() {
    return "here";
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(10, 10, 100, 100, Set.of());
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    return call(reads, request, context);
  }

  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    return call(writes, request, context);
  }

  @SuppressWarnings("unchecked") // the test knows what it asks for
  private <Q, R> CompletableFuture<R> call(
      Queue<Call<Q, R>> calls, Q request, CallContext context) {
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown instanceof RuntimeException exception) {
      throw exception;
    }
    if (returnsNull) {
      return null;
    }
    var staged = (CompletableFuture<R>) next;
    var answer = staged == null ? new CompletableFuture<R>() : staged;
    next = null;
    calls.add(new Call<>(request, context, answer));
    return answer;
  }

  @Override
  public void close() {
    closed = true;
  }
}
