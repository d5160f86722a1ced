package dev.tiercel.backend;

import dev.tiercel.error.ServingException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How to hear of the end of a future, and how a cancel finds its way down, without leaving a future
 * that nobody looks at.
 */
public final class Completions {

  private static final Logger LOG = LoggerFactory.getLogger(Completions.class);

  private Completions() {}

  /**
   * Calls back once a future has ended, on the thread that ends it, or at once on this one if it
   * has.
   *
   * @param future what to wait for
   * @param callback given the result, or null and the failure; must not throw: what it throws is
   *     logged and goes nowhere else
   */
  public static <T extends @Nullable Object> void onEnd(
      CompletableFuture<T> future,
      BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback) {
    if (future instanceof DirectFuture<T> direct) {
      direct.listen(callback);
    } else {
      onEndOfAny(future, callback);
    }
  }

  /** By way of a dependent future, which any future can have. */
  static <T extends @Nullable Object> void onEndOfAny(
      CompletableFuture<T> future,
      BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback) {
    var unused = future.whenComplete((result, failure) -> call(callback, result, failure));
  }

  /** Calls back, whatever that throws. */
  static <T extends @Nullable Object> void call(
      BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback,
      @Nullable T result,
      @Nullable Throwable failure) {
    try {
      callback.accept(result, failure);
    } catch (RuntimeException | Error thrown) {
      LOG.error("callback: threw (expected: no exception)", thrown);
    }
  }

  /**
   * Ends one future as another has ended.
   *
   * @param target the future to end; does nothing if it has ended already
   * @param result what the other found, null if it failed
   * @param failure why it failed, null if it did not
   */
  public static <T> void end(
      CompletableFuture<T> target, @Nullable T result, @Nullable Throwable failure) {
    if (result != null) {
      target.complete(result);
    } else {
      target.completeExceptionally(
          failure == null ? new IllegalStateException("future: no result") : failure);
    }
  }

  /** The failure itself, without what dependent futures wrap around it. */
  public static Throwable cause(Throwable failure) {
    var inner = failure.getCause();
    return failure instanceof CompletionException && inner != null ? inner : failure;
  }

  /**
   * The failure in the closed vocabulary.
   *
   * @param failure what a future failed with; null if it ended without a result
   * @param other makes a typed failure of any other, from its name ({@code no result} if there is
   *     none) and itself
   */
  public static ServingException typed(
      @Nullable Throwable failure,
      BiFunction<String, @Nullable Throwable, ServingException> other) {
    var cause = failure == null ? null : cause(failure);
    return cause instanceof ServingException serving
        ? serving
        : other.apply(cause == null ? "no result" : cause.getClass().getSimpleName(), cause);
  }

  /**
   * Cancels one future when another is cancelled: a dependent future does not cancel what it
   * depends on by itself.
   *
   * @param outer what a caller holds and may cancel
   * @param inner what it waits for
   */
  public static void passCancel(CompletableFuture<?> outer, Future<?> inner) {
    passCancel(outer, List.of(inner));
  }

  /**
   * Cancels futures when another is cancelled.
   *
   * @param outer what a caller holds and may cancel
   * @param inner what it waits for
   */
  public static void passCancel(CompletableFuture<?> outer, Collection<? extends Future<?>> inner) {
    onEnd(outer, (result, failure) -> {
      if (outer.isCancelled()) {
        inner.forEach(each -> each.cancel(true));
      }
    });
  }
}
