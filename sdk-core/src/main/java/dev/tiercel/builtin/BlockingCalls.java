package dev.tiercel.builtin;

import dev.tiercel.backend.Completions;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.Where;
import dev.tiercel.time.Deadline;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

/** Runs blocking functions on an executor: not at all if the deadline has passed by then, and interrupted on cancel. */
final class BlockingCalls {

  private BlockingCalls() {}

  static <T> CompletableFuture<T> run(Callable<T> call, Executor executor, Deadline deadline) {
    var answer = new CompletableFuture<T>();
    var task =
        new FutureTask<Void>(
            () -> {
              complete(answer, call, deadline);
              return null;
            });
    Completions.passCancel(answer, task);
    executor.execute(task);
    return answer;
  }

  private static <T> void complete(CompletableFuture<T> answer, Callable<T> call, Deadline deadline) {
    if (deadline.hasPassed()) {
      answer.completeExceptionally(
          new DeadlineExceeded("deadline: passed before the function was called", Where.NOWHERE, null));
      return;
    }
    try {
      answer.complete(call.call());
    } catch (Exception | LinkageError | StackOverflowError thrown) {
      answer.completeExceptionally(thrown);
    }
  }
}
