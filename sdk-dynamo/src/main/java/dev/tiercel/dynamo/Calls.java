package dev.tiercel.dynamo;

import dev.tiercel.backend.Completions;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * The way to the SDK's client: every call carries what is left of its deadline as its time-out, and
 * is known until it ends, so that closing ends it. A cancelled request goes on at DynamoDB and
 * keeps its connection, and is counted so long. Thread-safe.
 */
@SuppressWarnings({"UndefinedEquals", "CollectionUndefinedEquality"}) // told apart by identity
final class Calls {

  /** A call was cut by {@link #close()} when it had been sent already. */
  static final class Cut extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Cut() {
      super("closed during the call", null, false, false);
    }
  }

  private final DynamoDbAsyncClient client;
  private final Supplier<CompletableFuture<?>> credentials;
  private final int maxWaiting;
  private final Time time;
  private final Set<CompletableFuture<?>> inFlight = ConcurrentHashMap.newKeySet();

  /** Of cancelled requests: they end when those are really gone. */
  private final Set<CompletableFuture<Boolean>> lingering = ConcurrentHashMap.newKeySet();

  /** Calls that wait for credentials, and where they are. */
  private final Map<CompletableFuture<?>, Where> waiting = new ConcurrentHashMap<>();

  private final AtomicBoolean open = new AtomicBoolean(true);

  /**
   * The way to a client.
   *
   * @param credentials whether it can sign, see {@link Credentials#ready()}
   * @param maxWaiting calls that may wait for credentials, about
   */
  Calls(
      DynamoDbAsyncClient client,
      Supplier<CompletableFuture<?>> credentials,
      int maxWaiting,
      Time time) {
    this.client = client;
    this.credentials = credentials;
    this.maxWaiting = maxWaiting;
    this.time = time;
  }

  /**
   * Makes a call once there are credentials.
   *
   * @param stay hears of the request until it is gone
   * @param call what to ask the client; the limits belong into its request
   * @return a future whose cancel reaches the client's own; fails with a
   *     {@link dev.tiercel.error.ServingException} if nothing was sent because it is too late, else
   *     as the client says
   */
  <R> CompletableFuture<R> send(
      Where where,
      Deadline deadline,
      Stay stay,
      BiFunction<DynamoDbAsyncClient, AwsRequestOverrideConfiguration, CompletableFuture<R>> call) {
    var ready = ready(where);
    if (ready.isDone() && !ready.isCompletedExceptionally()) {
      return sendNow(where, deadline, stay, call);
    }
    // Whoever ends the wait first, the deadline, close, the caller's cancel or the credentials,
    // decides whether it is sent.
    var timer =
        time.schedule(TimeLeft.of(deadline), () -> ready.completeExceptionally(late(where)));
    var answer = new CompletableFuture<R>();
    Completions.onEnd(ready, (none, failure) -> {
      timer.cancel();
      if (failure != null) {
        answer.completeExceptionally(failure);
      } else {
        pipe(sendNow(where, deadline, stay, call), answer);
      }
    });
    Completions.passCancel(answer, ready);
    return answer;
  }

  private static <R> void pipe(CompletableFuture<R> sent, CompletableFuture<R> answer) {
    Completions.onEnd(sent, (response, failure) -> Completions.end(answer, response, failure));
    Completions.passCancel(answer, sent);
  }

  /**
   * Waits until there are credentials.
   *
   * @return done if there are; else the caller may end it itself; fails with a
   *     {@link dev.tiercel.error.ServingException} if there are none or the backend is closed
   */
  CompletableFuture<?> ready(Where where) {
    if (!open.get()) {
      return CompletableFuture.failedFuture(closed(where));
    }
    var ready = credentials.get();
    if (ready.isDone() && !ready.isCompletedExceptionally()) {
      return ready;
    }
    var told = new CompletableFuture<Boolean>();
    waiting.put(told, where);
    if (waiting.size() > maxWaiting) {
      told.completeExceptionally(new Overloaded(
          "calls waiting for credentials: " + maxWaiting + " (expected: fewer)", where, null));
    } else if (!open.get()) {
      told.completeExceptionally(closed(where));
    }
    Completions.onEnd(ready, (none, failure) -> {
      if (failure == null) {
        told.complete(true);
      } else {
        told.completeExceptionally(Failures.ofCredentials(failure, where));
      }
    });
    Completions.onEnd(told, (none, failure) -> {
      waiting.remove(told);
      ready.cancel(false);
    });
    return told;
  }

  private <R> CompletableFuture<R> sendNow(
      Where where,
      Deadline deadline,
      Stay stay,
      BiFunction<DynamoDbAsyncClient, AwsRequestOverrideConfiguration, CompletableFuture<R>> call) {
    if (!open.get()) {
      return CompletableFuture.failedFuture(closed(where));
    }
    var millis = TimeLeft.millis(deadline);
    if (millis < 1) {
      return CompletableFuture.failedFuture(late(where));
    }
    if (!stay.enter()) {
      return CompletableFuture.failedFuture(
          new CancellationException("call: over (expected: waited for)"));
    }
    var gone = new CompletableFuture<Boolean>();
    Completions.onEnd(gone, (done, none) -> stay.leave());
    var sent = sent(call, limits(millis, gone));
    inFlight.add(sent);
    var answer = Cancels.after(sent, () -> ended(sent, gone, deadline));
    if (!open.get()) {
      cut(sent);
    }
    return answer;
  }

  private void ended(
      CompletableFuture<?> sent, CompletableFuture<Boolean> gone, Deadline deadline) {
    inFlight.remove(sent);
    if (sent.isCancelled()) {
      linger(gone, deadline);
    } else {
      gone.complete(true);
    }
  }

  /**
   * Waits until a cancelled request is gone: until its answer has come, or until its time-out,
   * which the SDK keeps in any case, has closed its connection.
   */
  private void linger(CompletableFuture<Boolean> gone, Deadline deadline) {
    lingering.add(gone);
    if (!open.get()) {
      gone.complete(true);
      lingering.remove(gone);
      return;
    }
    var timer = time.schedule(deadline.remaining(), () -> gone.complete(true));
    Completions.onEnd(gone, (done, none) -> {
      timer.cancel();
      lingering.remove(gone);
    });
  }

  private <R> CompletableFuture<R> sent(
      BiFunction<DynamoDbAsyncClient, AwsRequestOverrideConfiguration, CompletableFuture<R>> call,
      AwsRequestOverrideConfiguration limits) {
    try {
      return call.apply(client, limits);
    } catch (RuntimeException | Error thrown) {
      // Also a missing class: what was begun is ended.
      return CompletableFuture.failedFuture(thrown);
    }
  }

  private static AwsRequestOverrideConfiguration limits(
      long millis, CompletableFuture<Boolean> gone) {
    var left = Duration.ofMillis(millis);
    return Answered.tell(AwsRequestOverrideConfiguration.builder(), gone)
        .apiCallTimeout(left)
        .apiCallAttemptTimeout(left)
        .build();
  }

  boolean isOpen() {
    return open.get();
  }

  private static DeadlineExceeded late(Where where) {
    return new DeadlineExceeded("deadline: passed before the request was sent", where, null);
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
    waiting.forEach((ready, where) -> ready.completeExceptionally(closed(where)));
    inFlight.forEach(Calls::cut);
    lingering.forEach(gone -> gone.complete(true));
    return first;
  }

  private static void cut(CompletableFuture<?> sent) {
    sent.completeExceptionally(new Cut());
  }
}
