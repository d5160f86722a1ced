package dev.tiercel.dynamo;

import dev.tiercel.backend.Completions;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Batches in rounds: DynamoDB may leave any part of a batch unprocessed (for its size or its rate),
 * and that part, nothing else, is sent again after a {@link Backoff}, until none is left, a round
 * has got nothing done, there have been {@value #MAX_ROUNDS}, there is no time for another, or none
 * can be sent any more. Thread-safe.
 *
 * <p>This is part of what a batch is, not a retry: a request that fails as a whole is not made
 * again here, nor is one of which nothing was done. Whoever retries pays for it from a budget.
 */
final class Rounds {

  /** The largest batch, of 100 items of 400 KB, takes three: an answer holds 16 MB. */
  static final int MAX_ROUNDS = 5;

  private final Time time;
  private final Backoff backoff;
  private final Set<Run<?>> running = ConcurrentHashMap.newKeySet();
  private volatile boolean open = true;

  Rounds(Time time, Backoff backoff) {
    this.time = time;
    this.backoff = backoff;
  }

  /**
   * Runs rounds.
   *
   * @param all what to send in the first
   * @param send sends one round and completes with what was left unprocessed; never fails
   * @return completes with what is left when there are no more rounds, mostly nothing; cancelling
   *     it ends the round
   */
  <T> CompletableFuture<List<T>> run(
      List<T> all, Deadline deadline, Function<List<T>, CompletableFuture<List<T>>> send) {
    var run = new Run<>(deadline, send);
    running.add(run);
    Completions.onEnd(run.answer, (left, failure) -> running.remove(run));
    run.send(all, 1);
    return run.answer;
  }

  /**
   * Ends the pauses, with what is left. By then no round is sent any more, and those on their way
   * are ended by who sent them.
   */
  void close() {
    open = false;
    running.forEach(Run::endPause);
  }

  private final class Run<T> {

    private final CompletableFuture<List<T>> answer = new CompletableFuture<>();
    private final Deadline deadline;
    private final Function<List<T>, CompletableFuture<List<T>>> send;
    private volatile @Nullable Runnable stop;

    /**
     * The last pause: completes when it is over, and cancelled it ends the run with what is left.
     */
    private volatile @Nullable CompletableFuture<Boolean> pause;

    private Run(Deadline deadline, Function<List<T>, CompletableFuture<List<T>>> send) {
      this.deadline = deadline;
      this.send = send;
      Completions.onEnd(answer, (left, failure) -> {
        if (answer.isCancelled()) {
          stop();
        }
      });
    }

    private void send(List<T> items, int round) {
      var sent = send.apply(items);
      pending(() -> sent.cancel(true));
      Completions.onEnd(sent, (left, failure) -> {
        if (left != null) {
          again(left, round, left.size() < items.size());
        } else if (failure != null) {
          answer.completeExceptionally(failure);
        }
      });
    }

    private void again(List<T> left, int round, boolean progress) {
      var delay = backoff.delay(round);
      if (left.isEmpty()
          || !progress
          || round == MAX_ROUNDS
          || delay.toNanos() >= TimeLeft.nanos(deadline)) {
        answer.complete(left);
        return;
      }
      var begun = new CompletableFuture<Boolean>();
      pause = begun;
      pending(() -> begun.cancel(false));
      var timer = time.schedule(delay, () -> begun.complete(true));
      Completions.onEnd(begun, (over, cancelled) -> {
        timer.cancel();
        if (over != null) {
          send(left, round + 1);
        } else {
          answer.complete(left);
        }
      });
      if (!open) {
        endPause();
      }
    }

    private void endPause() {
      var known = pause;
      if (known != null) {
        known.cancel(false);
      }
    }

    private void pending(Runnable stopIt) {
      stop = stopIt;
      if (answer.isCancelled()) {
        stopIt.run();
      }
    }

    private void stop() {
      var known = stop;
      if (known != null) {
        known.run();
      }
    }
  }
}
