package dev.tiercel.dynamo;

import dev.tiercel.backend.Completions;
import java.util.concurrent.CompletableFuture;

/** Cancels go the other way than results. */
final class Cancels {

  private Cancels() {}

  /** The dependent itself; cancelling it now cancels what it depends on. */
  static <T> CompletableFuture<T> pass(
      CompletableFuture<T> dependent, CompletableFuture<?> source) {
    Completions.passCancel(dependent, source);
    return dependent;
  }

  /**
   * The same outcome, told after an action has run. A future that is a mere dependent would not do:
   * it skips its action once it has been cancelled itself.
   */
  static <T> CompletableFuture<T> after(CompletableFuture<T> source, Runnable action) {
    var told = new CompletableFuture<T>();
    Completions.onEnd(source, (result, failure) -> {
      action.run();
      Completions.end(told, result, failure);
    });
    return pass(told, source);
  }
}
