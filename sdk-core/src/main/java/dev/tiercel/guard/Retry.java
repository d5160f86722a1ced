package dev.tiercel.guard;

import dev.failsafe.Execution;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.DirectFuture;
import dev.tiercel.error.ServingException;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One call that may be made again for the keys that failed. Steps follow one another, each on the
 * thread that ended the one before; only a cancel or a close may come between.
 *
 * @param <R> what is answered
 * @param <O> what is answered for one key
 */
abstract class Retry<R, O> extends DirectFuture<R>
    implements BiConsumer<@Nullable R, @Nullable Throwable> {

  private final Retries retries;
  private final CallContext context;
  private volatile @Nullable List<O> outcomes;
  private int attempts = 1;
  private volatile @Nullable CompletableFuture<R> sent;
  private volatile Time.@Nullable Timer pause;

  Retry(Retries retries, CallContext context) {
    this.retries = retries;
    this.context = context;
  }

  abstract List<O> outcomes(R result);

  /** Why a key failed in a way that may pass, null if it did not or must not be asked again. */
  abstract @Nullable ServingException retryable(int index, O outcome);

  /** What two attempts have found together. */
  abstract O both(O first, O second, Duration elapsed);

  abstract CompletableFuture<R> send(List<Integer> indexes, CallContext attempt);

  /** Takes from an answer what is not any one key's. */
  abstract void note(R result);

  abstract R result(List<O> all);

  /** Waits for the first attempt. */
  Retry<R, O> follow(CompletableFuture<R> first) {
    sent = first;
    Completions.onEnd(first, this);
    return this;
  }

  /** The first attempt has ended. */
  @Override
  public void accept(@Nullable R result, @Nullable Throwable failure) {
    if (result == null) {
      Completions.end(this, null, failure == null ? null : Completions.cause(failure));
      return;
    }
    var found = outcomes(result);
    if (!hasRetryable(found)) {
      complete(result);
      return;
    }
    note(result);
    var all = new ArrayList<>(found);
    outcomes = all;
    next(retries.begin(), all, IntStream.range(0, all.size()).boxed().toList(), all);
  }

  private boolean hasRetryable(List<O> found) {
    for (var index = 0; index < found.size(); index++) {
      if (retryable(index, found.get(index)) != null) {
        return true;
      }
    }
    return false;
  }

  /**
   * Makes the call again for what failed, or ends.
   *
   * @param asked which keys the last attempt was for
   * @param found what it found, in that order
   */
  private void next(Execution<Boolean> account, List<O> all, List<Integer> asked, List<O> found) {
    var again = new ArrayList<Integer>();
    ServingException cause = null;
    for (var place = 0; place < asked.size(); place++) {
      var failure = retryable(asked.get(place), found.get(place));
      if (failure != null) {
        again.add(asked.get(place));
        cause = cause == null ? failure : cause;
      }
    }
    var delay =
        cause == null ? null : retries.next(account, context.deadline(), again.size(), cause);
    if (delay == null) {
      complete(result(all));
      return;
    }
    retries.pauses(this);
    pause = retries.time().schedule(delay, () -> send(account, all, again));
    if (isDone()) {
      stop();
    } else if (retries.isClosed() && retries.endPause(this)) {
      giveUp();
    }
  }

  private void send(Execution<Boolean> account, List<O> all, List<Integer> again) {
    if (!retries.endPause(this) || isDone()) {
      return;
    }
    attempts++;
    var attempt = send(again, context.attempt(context.attempt() + attempts - 1));
    sent = attempt;
    Completions.onEnd(attempt, (result, failure) -> ended(account, all, again, result));
    if (isDone()) {
      stop();
    }
  }

  private void ended(
      Execution<Boolean> account, List<O> all, List<Integer> asked, @Nullable R result) {
    if (result == null) {
      complete(result(all));
      return;
    }
    note(result);
    var found = outcomes(result);
    var elapsed = context.deadline().elapsed();
    for (var place = 0; place < found.size(); place++) {
      all.set(asked.get(place), both(all.get(asked.get(place)), found.get(place), elapsed));
    }
    next(account, all, asked, found);
  }

  /** Ends a pause with the failures there are. */
  void giveUp() {
    var all = outcomes;
    if (all != null && complete(result(all))) {
      stop();
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    var cancelled = super.cancel(mayInterruptIfRunning);
    if (cancelled) {
      stop();
    }
    return cancelled;
  }

  private void stop() {
    var unused = retries.endPause(this);
    if (pause != null) {
      pause.cancel();
    }
    if (sent != null) {
      sent.cancel(true);
    }
  }
}
