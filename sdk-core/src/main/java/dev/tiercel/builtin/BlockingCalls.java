package dev.tiercel.builtin;

import dev.tiercel.backend.Completions;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.Where;
import dev.tiercel.time.Deadline;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs blocking functions on an executor: not at all if the deadline has passed by then, and
 * interrupted on cancel.
 */
final class BlockingCalls {

  private BlockingCalls() {}

  static <T> CompletableFuture<T> run(Callable<T> call, Executor executor, Deadline deadline) {
    var answer = new CompletableFuture<T>();
    var task = new FutureTask<Void>(() -> {
      complete(answer, call, deadline);
      return null;
    });
    Completions.passCancel(answer, task);
    try {
      executor.execute(task);
    } catch (RejectedExecutionException refused) {
      answer.completeExceptionally(FunctionFailures.refused(refused));
    }
    return answer;
  }

  private static <T> void complete(
      CompletableFuture<T> answer, Callable<T> call, Deadline deadline) {
    if (deadline.hasPassed()) {
      answer.completeExceptionally(new DeadlineExceeded(
          "deadline: passed before the function was called", Where.NOWHERE, null));
      return;
    }
    try {
      answer.complete(call.call());
    } catch (Throwable thrown) {
      // Errors too: the task would swallow them, and nobody would ever be answered.
      answer.completeExceptionally(thrown);
    }
  }
}
