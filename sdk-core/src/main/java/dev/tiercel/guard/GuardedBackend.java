package dev.tiercel.guard;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes any backend keep the promises the path above relies on: every call ends by its deadline, at
 * most so many are in flight, nothing is thrown, and every key has an outcome.
 *
 * <p>The futures it returns never complete exceptionally. Thread-safe.
 */
public final class GuardedBackend extends ForwardingBackend {

  private final Time time;
  private final int maxInFlight;
  private final Semaphore inFlight;
  private final Where where;

  /**
   * Guards a backend.
   *
   * @param delegate the backend to guard
   * @param maxInFlight how many calls it may have in flight, at least 1; one more is refused at
   *     once
   * @param time the clock and the timers
   */
  public GuardedBackend(Backend delegate, int maxInFlight, Time time) {
    super(delegate);
    this.time = time;
    this.maxInFlight = maxInFlight;
    this.inFlight = new Semaphore(maxInFlight);
    this.where = Where.at(delegate.name(), delegate.region());
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    var count = request.keys().size();
    return call(
        context,
        () -> super.read(request, context),
        result -> result.outcomes().size(),
        count,
        failure -> ReadResult.failed(count, failure),
        false);
  }

  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    var count = request.mutations().size();
    return call(
        context,
        () -> super.write(request, context),
        result -> result.outcomes().size(),
        count,
        failure -> WriteResult.failed(count, failure),
        true);
  }

  private <R> CompletableFuture<R> call(
      CallContext context,
      Supplier<CompletableFuture<R>> send,
      ToIntFunction<R> size,
      int expected,
      Function<ServingException, R> failed,
      boolean write) {
    if (context.deadline().hasPassed()) {
      return CompletableFuture.completedFuture(failed.apply(late(context.deadline())));
    }
    if (!inFlight.tryAcquire()) {
      return CompletableFuture.completedFuture(failed.apply(full()));
    }
    var sent = send(send);
    Completions.onEnd(sent, (result, failure) -> inFlight.release());
    var answer = new CompletableFuture<R>();
    Completions.onEnd(sent, (result, failure) -> {
      if (failure != null || result == null) {
        answer.complete(failed.apply(typed(failure, write)));
      } else if (size.applyAsInt(result) != expected) {
        answer.complete(failed.apply(malformed(size.applyAsInt(result), expected, write)));
      } else {
        answer.complete(result);
      }
    });
    settleByDeadline(answer, sent, context.deadline(), failed, write);
    return answer;
  }

  private static <R> CompletableFuture<R> send(Supplier<CompletableFuture<R>> send) {
    try {
      CompletableFuture<R> sent = send.get();
      return sent == null
          ? CompletableFuture.failedFuture(new NullPointerException("future"))
          : sent;
    } catch (RuntimeException | Error thrown) {
      // Also a missing class or a full stack: whatever it is, the permit comes back and the caller
      // hears of it.
      return CompletableFuture.failedFuture(thrown);
    }
  }

  private <R> void settleByDeadline(
      CompletableFuture<R> answer,
      CompletableFuture<R> sent,
      Deadline deadline,
      Function<ServingException, R> failed,
      boolean write) {
    if (answer.isDone()) {
      return;
    }
    var timer = time.schedule(deadline.remaining(), () -> {
      if (answer.complete(failed.apply(write ? unanswered(deadline) : late(deadline)))) {
        sent.cancel(true);
      }
    });
    Completions.onEnd(answer, (result, failure) -> timer.cancel());
    Completions.passCancel(answer, sent);
  }

  private ServingException typed(@Nullable Throwable failure, boolean write) {
    var cause = failure == null ? null : Completions.cause(failure);
    if (cause instanceof ServingException serving) {
      return serving;
    }
    var what = "backend: failed with "
        + (cause == null ? "no result" : cause.getClass().getSimpleName());
    return write ? new OutcomeUnknown(what, where, cause) : new Unavailable(what, where, cause);
  }

  private ServingException malformed(int outcomes, int expected, boolean write) {
    var what = "outcomes: " + outcomes + " (expected: " + expected + ")";
    return write ? new OutcomeUnknown(what, where, null) : new Unavailable(what, where, null);
  }

  private DeadlineExceeded late(Deadline deadline) {
    return new DeadlineExceeded("deadline: passed before an answer", place(deadline), null);
  }

  private OutcomeUnknown unanswered(Deadline deadline) {
    return new OutcomeUnknown(
        "deadline: passed before the write was acknowledged", place(deadline), null);
  }

  private Where place(Deadline deadline) {
    return where.in("", deadline.elapsed());
  }

  private Overloaded full() {
    return new Overloaded("calls in flight: " + maxInFlight + " (expected: fewer)", where, null);
  }
}
