package dev.tiercel.dynamo;

import dev.tiercel.backend.Completions;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Batches in rounds: DynamoDB may leave any part of a batch unprocessed (for its size or its rate), and that part, nothing else, is
 * sent again after a {@link Backoff}, until none is left or there is no time for another round. Immutable and thread-safe.
 *
 * <p>This is part of what a batch is, not a retry: a request that fails as a whole is not made again here.
 */
record Rounds(Time time, Backoff backoff) {

  /**
   * Runs rounds.
   *
   * @param all what to send in the first
   * @param send sends one round and completes with what was left unprocessed; never fails
   * @return completes with what is left when time is up, mostly nothing; cancelling it ends the round
   */
  <T> CompletableFuture<List<T>> run(
      List<T> all, Deadline deadline, Function<List<T>, CompletableFuture<List<T>>> send) {
    var run = new Run<>(deadline, send);
    run.send(all, 1);
    return run.answer;
  }

  private final class Run<T> {

    private final CompletableFuture<List<T>> answer = new CompletableFuture<>();
    private final Deadline deadline;
    private final Function<List<T>, CompletableFuture<List<T>>> send;
    private volatile @Nullable Runnable stop;

    private Run(Deadline deadline, Function<List<T>, CompletableFuture<List<T>>> send) {
      this.deadline = deadline;
      this.send = send;
      Completions.onEnd(
          answer,
          (left, failure) -> {
            if (answer.isCancelled()) {
              stop();
            }
          });
    }

    private void send(List<T> items, int round) {
      var sent = send.apply(items);
      pending(() -> sent.cancel(true));
      Completions.onEnd(
          sent,
          (left, failure) -> {
            if (left != null) {
              again(left, round);
            } else if (failure != null) {
              answer.completeExceptionally(failure);
            }
          });
    }

    private void again(List<T> left, int round) {
      var delay = backoff.delay(round);
      if (left.isEmpty() || delay.toNanos() >= TimeLeft.nanos(deadline)) {
        answer.complete(left);
        return;
      }
      var timer = time.schedule(delay, () -> send(left, round + 1));
      pending(timer::cancel);
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
