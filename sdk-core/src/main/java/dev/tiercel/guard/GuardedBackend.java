package dev.tiercel.guard;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.health.Endpoint;
import dev.tiercel.health.Vitals;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes one endpoint of a backend keep the promises the path above relies on: nothing is thrown,
 * every key has a typed outcome, no more calls are on their way than it bears, and none while it is
 * down. It keeps the endpoint's health.
 *
 * <p>A call beyond the limit fails at once with {@code Overloaded}, one to an endpoint that is down
 * with {@code Unavailable}; both were never sent and name zero attempts. The futures it returns
 * never complete exceptionally, except that a cancel ends them and reaches the adapter's own
 * future. A cancelled call is counted as in flight until that one has ended, and all that the
 * adapter named to the call's {@link dev.tiercel.backend.Occupancy}.
 *
 * <p>It sets no timer: whoever stands above ends calls by their deadline, by cancelling them, and a
 * cancel after the deadline counts as the endpoint's failure, unless the call had been given less
 * time than an answer takes.
 *
 * <p>Thread-safe.
 */
public final class GuardedBackend extends ForwardingBackend {

  private final Guard guard;
  private final Time time;

  /**
   * Guards an endpoint.
   *
   * @param delegate the backend at this endpoint alone
   * @param endpoint which endpoint it is
   * @param limiter how many calls may be in flight
   * @param breaker when it is down
   * @param listener hears of attempts, refusals and states; must not throw, see
   *     {@link ServingListener#safe}
   * @param random jitter; safe for use by several threads
   * @param time the clock
   */
  public GuardedBackend(
      Backend delegate,
      Endpoint endpoint,
      LimiterPolicy limiter,
      BreakerPolicy breaker,
      ServingListener listener,
      RandomGenerator random,
      Time time) {
    super(delegate);
    this.time = time;
    var health = new EndpointHealth(endpoint, breaker, listener, random, time.nanos());
    this.guard = new Guard(endpoint, limiter, health, listener, time);
  }

  /** How the endpoint is doing. */
  public Vitals vitals() {
    return guard;
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    var keys = request.keys().size();
    var now = time.nanos();
    if (context.deadline().remainingNanos(now) <= 0) {
      return CompletableFuture.completedFuture(ReadResult.failed(keys, late(context.deadline())));
    }
    var ticket = guard.admit(now);
    if (Guard.isRefused(ticket)) {
      return CompletableFuture.completedFuture(
          ReadResult.failed(keys, guard.refusal(ticket, context.deadline(), now)));
    }
    var call = new GuardedRead(guard, context, keys, ticket, now);
    return call.follow(sendRead(request, context.occupying(call)));
  }

  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    var keys = request.mutations().size();
    var now = time.nanos();
    if (context.deadline().remainingNanos(now) <= 0) {
      return CompletableFuture.completedFuture(WriteResult.failed(keys, late(context.deadline())));
    }
    var ticket = guard.admit(now);
    if (Guard.isRefused(ticket)) {
      return CompletableFuture.completedFuture(
          WriteResult.failed(keys, guard.refusal(ticket, context.deadline(), now)));
    }
    var call = new GuardedWrite(guard, context, keys, ticket, now);
    return call.follow(sendWrite(request, context.occupying(call)));
  }

  // Also a missing class or a full stack: whatever is thrown, the permit comes back and the caller
  // hears of it.

  private CompletableFuture<ReadResult> sendRead(ReadRequest request, CallContext context) {
    try {
      return orFailed(super.read(request, context));
    } catch (RuntimeException | Error thrown) {
      return CompletableFuture.failedFuture(thrown);
    }
  }

  private CompletableFuture<WriteResult> sendWrite(WriteRequest request, CallContext context) {
    try {
      return orFailed(super.write(request, context));
    } catch (RuntimeException | Error thrown) {
      return CompletableFuture.failedFuture(thrown);
    }
  }

  private static <R> CompletableFuture<R> orFailed(@Nullable CompletableFuture<R> sent) {
    return sent == null ? CompletableFuture.failedFuture(new NullPointerException("future")) : sent;
  }

  private DeadlineExceeded late(Deadline deadline) {
    return new DeadlineExceeded(
        "deadline: passed before the call was sent", guard.unsent(deadline), null);
  }
}
