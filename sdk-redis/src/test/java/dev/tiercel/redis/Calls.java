package dev.tiercel.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.error.ServingException;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.engine.Waiting;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Calls of a backend in one keyspace, left on their way; and the end of such calls. */
record Calls(Backend backend, String keyspace) {

  /** Ends a test that would hang. */
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** Deadlines are not these tests' business: they cancel. */
  private static final CallContext CONTEXT =
      CallContext.of(Deadline.after(Duration.ofHours(1), new FakeTime()));

  CompletableFuture<ReadResult> read(String... keys) {
    return backend.read(ReadRequest.of(keyspace, List.of(keys)), CONTEXT);
  }

  CompletableFuture<ReadResult> readLeasing(List<String> keys) {
    return backend.read(ReadRequest.of(keyspace, keys).withLease(Duration.ofSeconds(60)), CONTEXT);
  }

  CompletableFuture<WriteResult> write(List<? extends Mutation> mutations) {
    return backend.write(new WriteRequest(keyspace, List.copyOf(mutations)), CONTEXT);
  }

  CompletableFuture<WriteResult> put(String key, EncodedEntry entry) {
    return write(List.of(new Mutation.Put(key, entry, Condition.IF_NEWER)));
  }

  static EncodedEntry value(String text, long version) {
    return new EncodedEntry(text.getBytes(UTF_8), 1, 0, version, 0, 0, 0);
  }

  static ReadOutcome outcome(CompletableFuture<ReadResult> read) {
    return end(read).outcomes().get(0);
  }

  static WriteOutcome writeOutcome(CompletableFuture<WriteResult> write) {
    return end(write).outcomes().get(0);
  }

  static ServingException failure(CompletableFuture<ReadResult> read) {
    return outcome(read) instanceof ReadOutcome.Failed failed
        ? failed.cause()
        : unexpected(read.join());
  }

  static ServingException writeFailure(CompletableFuture<WriteResult> write) {
    return writeOutcome(write) instanceof WriteOutcome.Failed failed
        ? failed.cause()
        : unexpected(write.join());
  }

  static <R> R end(CompletableFuture<R> call) {
    try {
      return call.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | InterruptedException failure) {
      throw new AssertionError("call: " + failure + " (expected: a result)", failure);
    }
  }

  /** Waits for another thread or process. */
  static void await(String what, BooleanSupplier condition) {
    if (!Waiting.until(condition, LIMIT)) {
      throw new AssertionError(what + ": not within " + LIMIT + " (expected: by then)");
    }
  }

  private static <T> T unexpected(Object result) {
    throw new AssertionError("result: " + result + " (expected: a failure)");
  }
}
