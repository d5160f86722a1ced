package dev.tiercel.dynamo;

import dev.tiercel.backend.Completions;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * The way to the SDK's client: every call carries what is left of its deadline as its time-out, and is known until it ends, so that
 * closing ends it. Thread-safe.
 */
final class Calls {

  /** A call was cut by {@link #close()} when it had been sent already. */
  static final class Cut extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Cut() {
      super("closed during the call", null, false, false);
    }
  }

  private final DynamoDbAsyncClient client;
  private final Set<CompletableFuture<?>> inFlight = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean open = new AtomicBoolean(true);

  Calls(DynamoDbAsyncClient client) {
    this.client = client;
  }

  /**
   * Makes a call.
   *
   * @param call what to ask the client; the limits belong into its request
   * @return the client's own future, so that a cancel reaches it; fails with a {@link dev.tiercel.error.ServingException} if
   *     nothing was sent because it is too late, else as the client says
   */
  @SuppressWarnings({"UndefinedEquals", "CollectionUndefinedEquality"}) // calls are told apart by identity
  <R> CompletableFuture<R> send(
      Where where,
      Deadline deadline,
      BiFunction<DynamoDbAsyncClient, AwsRequestOverrideConfiguration, CompletableFuture<R>> call) {
    if (!open.get()) {
      return CompletableFuture.failedFuture(closed(where));
    }
    var millis = TimeLeft.millis(deadline);
    if (millis < 1) {
      return CompletableFuture.failedFuture(
          new DeadlineExceeded("deadline: passed before the request was sent", where, null));
    }
    var sent = sent(call, limits(millis));
    inFlight.add(sent);
    Completions.onEnd(sent, (response, failure) -> inFlight.remove(sent));
    if (!open.get()) {
      cut(sent);
    }
    return sent;
  }

  private <R> CompletableFuture<R> sent(
      BiFunction<DynamoDbAsyncClient, AwsRequestOverrideConfiguration, CompletableFuture<R>> call,
      AwsRequestOverrideConfiguration limits) {
    try {
      return call.apply(client, limits);
    } catch (RuntimeException thrown) {
      return CompletableFuture.failedFuture(thrown);
    }
  }

  private static AwsRequestOverrideConfiguration limits(long millis) {
    var left = Duration.ofMillis(millis);
    return AwsRequestOverrideConfiguration.builder().apiCallTimeout(left).apiCallAttemptTimeout(left).build();
  }

  boolean isOpen() {
    return open.get();
  }

  /** What a call gets that is not made because the backend is closed. */
  static Unavailable closed(Where where) {
    return new Unavailable("backend: closed (expected: open)", where, null);
  }

  /**
   * Makes no more calls and ends those on their way.
   *
   * @return false if that has been done before
   */
  boolean close() {
    var first = open.getAndSet(false);
    inFlight.forEach(Calls::cut);
    return first;
  }

  private static void cut(CompletableFuture<?> sent) {
    sent.completeExceptionally(new Cut());
  }
}
