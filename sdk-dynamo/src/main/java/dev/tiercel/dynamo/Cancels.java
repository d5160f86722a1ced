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
}
