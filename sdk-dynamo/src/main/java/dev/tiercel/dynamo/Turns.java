package dev.tiercel.dynamo;

import dev.tiercel.backend.Completions;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Where;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets only so many calls run at once. The others wait in order, and leave when their deadline is
 * near: what never had its turn was certainly not sent. Thread-safe; calls run outside of the lock.
 */
final class Turns {

  private final int maxRunning;
  private final int maxWaiting;
  private final Time time;

  private final Set<Turn<?>> waiting = new LinkedHashSet<>();
  private int running;
  private boolean open = true;

  Turns(int maxRunning, int maxWaiting, Time time) {
    this.maxRunning = maxRunning;
    this.maxWaiting = maxWaiting;
    this.time = time;
  }

  /**
   * Makes a call when its turn comes.
   *
   * @return what the call's future says; fails with a {@link ServingException} if its turn never
   *     comes; cancelling it cancels the call
   */
  <T> CompletableFuture<T> run(
      Where where, Deadline deadline, Supplier<CompletableFuture<T>> call) {
    var turn = new Turn<>(call);
    var refusal = enter(turn, where);
    if (refusal != null) {
      turn.answer.completeExceptionally(refusal);
    } else if (!turn.isWaiting) {
      begin(turn);
    } else {
      var timer = time.schedule(TimeLeft.of(deadline), () -> leave(turn, late(where)));
      Completions.onEnd(turn.answer, (answer, failure) -> {
        timer.cancel();
        leave(turn, null);
      });
    }
    return turn.answer;
  }

  private synchronized @Nullable ServingException enter(Turn<?> turn, Where where) {
    if (!open) {
      return Calls.closed(where);
    }
    if (running < maxRunning) {
      running++;
    } else if (waiting.size() < maxWaiting) {
      turn.isWaiting = true;
      waiting.add(turn);
    } else {
      return new Overloaded("writes waiting: " + maxWaiting + " (expected: fewer)", where, null);
    }
    return null;
  }

  /** Makes calls in a loop, so that many which end at once do not pile up on the stack. */
  private void begin(Turn<?> first) {
    for (Turn<?> turn = first; turn != null; ) {
      turn = turn.endsAtOnce() ? next() : null;
    }
  }

  /** Hands a finished call's place to the first that waits. */
  private synchronized @Nullable Turn<?> next() {
    var first = waiting.iterator();
    if (!first.hasNext()) {
      running--;
      return null;
    }
    var turn = first.next();
    first.remove();
    return turn;
  }

  private void leave(Turn<?> turn, @Nullable ServingException reason) {
    boolean left;
    synchronized (this) {
      left = waiting.remove(turn);
    }
    if (left && reason != null) {
      turn.answer.completeExceptionally(reason);
    }
  }

  /** Sends those who wait away, and whoever comes. */
  void close(Where where) {
    List<Turn<?>> left;
    synchronized (this) {
      open = false;
      left = List.copyOf(waiting);
      waiting.clear();
    }
    left.forEach(turn -> turn.answer.completeExceptionally(Calls.closed(where)));
  }

  private static DeadlineExceeded late(Where where) {
    return new DeadlineExceeded("deadline: passed before the write had its turn", where, null);
  }

  private final class Turn<T> {

    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private final Supplier<CompletableFuture<T>> call;
    private boolean isWaiting;

    private Turn(Supplier<CompletableFuture<T>> call) {
      this.call = call;
    }

    /** Makes the call; when it does not end at once, its end makes the next. */
    private boolean endsAtOnce() {
      if (answer.isDone()) {
        return true;
      }
      var sent = sent();
      Completions.passCancel(answer, sent);
      var atOnce = sent.isDone();
      Completions.onEnd(sent, (result, failure) -> {
        Completions.end(answer, result, failure);
        if (!atOnce) {
          var next = next();
          if (next != null) {
            begin(next);
          }
        }
      });
      return atOnce;
    }

    private CompletableFuture<T> sent() {
      try {
        return call.get();
      } catch (RuntimeException | Error thrown) {
        return CompletableFuture.failedFuture(thrown);
      }
    }
  }
}
