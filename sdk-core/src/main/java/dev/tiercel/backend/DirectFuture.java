package dev.tiercel.backend;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A future of a layer of our own, which tells the first who asks {@link Completions#onEnd} of its
 * end without allocating anything: on a path of several layers, the dependent futures between them
 * are most of what a call that goes well would cost.
 *
 * <p>That listener is told once, after the dependents that were there before the end, by the thread
 * that ends the future, or by its own if it asks after the end. Whoever asks while it waits is told
 * by way of a dependent future, as of any other future. Who may end it: {@link #complete},
 * {@link #completeExceptionally}, {@link #cancel} and what is made of them; an obtruded result is
 * not told to anybody.
 *
 * <p>Thread-safe. A class that extends it and overrides one of the three calls the original.
 *
 * @param <T> what it is completed with
 */
public abstract class DirectFuture<T extends @Nullable Object> extends CompletableFuture<T> {

  private static final VarHandle LISTENER = listenerHandle();

  /** Stands in the place of the listener once nobody is told from there any more. */
  @SuppressWarnings("UnnecessaryLambda") // one object, told by its identity
  private static final BiConsumer<@Nullable Object, @Nullable Throwable> TOLD =
      (result, failure) -> {};

  @SuppressWarnings("unused") // By its handle.
  private volatile @Nullable BiConsumer<? super @Nullable T, ? super @Nullable Throwable> listener;

  /** Has not ended, and nobody listens. */
  protected DirectFuture() {}

  private static VarHandle listenerHandle() {
    try {
      return MethodHandles.lookup().findVarHandle(DirectFuture.class, "listener", BiConsumer.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  /** Takes the place of the one listener, if it is free. */
  final void listen(BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback) {
    if (isDone() || !LISTENER.compareAndSet(this, null, callback)) {
      Completions.onEndOfAny(this, callback);
    } else if (isDone() && LISTENER.compareAndSet(this, callback, TOLD)) {
      // It ended in between, and whoever ended it has not come by here yet, or is one of the
      // callers of this: at once means now.
      Completions.onEndOfAny(this, callback);
    }
  }

  @Override
  public boolean complete(T value) {
    var ended = super.complete(value);
    if (ended) {
      var waiting = takeListener();
      if (waiting != null) {
        Completions.call(waiting, value, null);
      }
    }
    return ended;
  }

  @Override
  public boolean completeExceptionally(Throwable failure) {
    var ended = super.completeExceptionally(failure);
    if (ended) {
      tellOfFailure();
    }
    return ended;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    // True also of a future that was cancelled before: then there is nobody left to tell.
    var cancelled = super.cancel(mayInterruptIfRunning);
    if (cancelled) {
      tellOfFailure();
    }
    return cancelled;
  }

  /** The original ends the future by a way of its own. */
  @Override
  public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
    executor.execute(() -> {
      try {
        complete(supplier.get());
      } catch (RuntimeException | Error thrown) {
        completeExceptionally(thrown);
      }
    });
    return this;
  }

  /** Only the future itself knows the exception as it was. */
  private void tellOfFailure() {
    var waiting = takeListener();
    if (waiting != null) {
      Completions.onEndOfAny(this, waiting);
    }
  }

  @SuppressWarnings({"unchecked", "ReferenceEquality"}) // told apart by identity
  private @Nullable BiConsumer<? super @Nullable T, ? super @Nullable Throwable> takeListener() {
    var waiting = (@Nullable BiConsumer<? super @Nullable T, ? super @Nullable Throwable>)
        LISTENER.getAndSet(this, TOLD);
    return waiting == TOLD ? null : waiting;
  }
}
