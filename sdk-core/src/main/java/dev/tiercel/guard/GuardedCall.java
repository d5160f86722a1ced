package dev.tiercel.guard;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.DirectFuture;
import dev.tiercel.backend.Occupancy;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Throttled;
import dev.tiercel.error.Unavailable;
import dev.tiercel.observe.Attempt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One call that was let through: what its caller waits for, and what occupies the endpoint until
 * the adapter's own future and all it named have ended. One object is all three, since a call that
 * goes well should cost little.
 *
 * @param <R> what is answered
 */
abstract class GuardedCall<R> extends DirectFuture<R>
    implements Occupancy, BiConsumer<@Nullable R, @Nullable Throwable> {

  private static final AtomicIntegerFieldUpdater<GuardedCall<?>> ENDED = updater("ended");
  private static final AtomicIntegerFieldUpdater<GuardedCall<?>> OCCUPANTS = updater("occupants");

  final CallContext context;
  final int keys;
  final int ticket;
  final long startNanos;
  private final Guard guard;
  private volatile int ended;
  private volatile int occupants = 1;
  private @Nullable CompletableFuture<R> sent;

  GuardedCall(Guard guard, CallContext context, int keys, int ticket, long startNanos) {
    this.guard = guard;
    this.context = context;
    this.keys = keys;
    this.ticket = ticket;
    this.startNanos = startNanos;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static AtomicIntegerFieldUpdater<GuardedCall<?>> updater(String field) {
    return (AtomicIntegerFieldUpdater)
        AtomicIntegerFieldUpdater.newUpdater(GuardedCall.class, field);
  }

  abstract boolean isWrite();

  abstract int size(R answer);

  /** Why a key failed, null if it did not. */
  abstract @Nullable ServingException failure(R answer, int index);

  abstract R failed(ServingException cause);

  /** Ends as the adapter's future does, each key that has no outcome of its own failed. */
  GuardedCall<R> follow(CompletableFuture<R> adapters) {
    sent = adapters;
    if (adapters.isDone() && !adapters.isCompletedExceptionally()) {
      accept(adapters.join(), null);
    } else {
      Completions.onEnd(adapters, this);
    }
    return this;
  }

  /** The adapter's future has ended. */
  @Override
  public void accept(@Nullable R result, @Nullable Throwable failure) {
    if (!ENDED.compareAndSet(this, 0, 1)) {
      leave();
      return;
    }
    var answer = wellFormed(result, failure);
    try {
      guard.ended(this, verdict(answer));
    } finally {
      // First, so that who hears of the answer finds room.
      leave();
      complete(answer);
    }
  }

  private R wellFormed(@Nullable R result, @Nullable Throwable failure) {
    if (failure != null || result == null) {
      return failed(typed(failure));
    }
    var outcomes = size(result);
    return outcomes == keys
        ? result
        : failed(broken("outcomes: " + outcomes + " (expected: " + keys + ")", null));
  }

  private ServingException typed(@Nullable Throwable failure) {
    return Completions.typed(
        failure, (name, cause) -> broken("backend: failed with " + name, cause));
  }

  private ServingException broken(String what, @Nullable Throwable cause) {
    var place = guard.where.in("", context.deadline().elapsed());
    return isWrite() ? new OutcomeUnknown(what, place, cause) : new Unavailable(what, place, cause);
  }

  /** Half of the keys speak for the endpoint. */
  private Attempt.Result verdict(R answer) {
    var down = 0;
    var late = 0;
    var refused = 0;
    for (var index = 0; index < keys; index++) {
      var cause = failure(answer, index);
      if (cause != null && Attempts.isLate(cause)) {
        late++;
      } else if (cause instanceof Unavailable || cause instanceof OutcomeUnknown) {
        down++;
      } else if (cause instanceof Throttled || cause instanceof Overloaded) {
        refused++;
      }
    }
    if (2 * (down + late) >= keys) {
      return late > down ? Attempt.Result.LATE : Attempt.Result.FAILED;
    }
    return 2 * refused >= keys ? Attempt.Result.THROTTLED : Attempt.Result.ANSWERED;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    if (ended == 0 && ENDED.compareAndSet(this, 0, 1)) {
      guard.ended(
          this, context.deadline().hasPassed() ? Attempt.Result.LATE : Attempt.Result.CANCELLED);
    }
    var cancelled = super.cancel(mayInterruptIfRunning);
    if (cancelled && sent != null) {
      sent.cancel(mayInterruptIfRunning);
    }
    return cancelled;
  }

  @Override
  public void until(CompletableFuture<?> end) {
    for (var now = occupants; now > 0; now = occupants) {
      if (OCCUPANTS.compareAndSet(this, now, now + 1)) {
        Completions.onEnd(end, (result, failure) -> leave());
        return;
      }
    }
  }

  private void leave() {
    if (OCCUPANTS.decrementAndGet(this) == 0) {
      guard.left();
    }
  }
}
