package dev.tiercel.backend;

import dev.tiercel.tier.Interleavings;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Threads that end a future while others begin to listen, in every order of their steps. */
@Tag("interleavings")
class DirectFutureInterleavingsTest {

  @Test
  void listeners_whileTheFutureEnds_areToldOnceEachAndTheSame() {
    Interleavings.of(Listened.class, Model.class)
        .raceThen("areAllToldOnce", "complete", "listen")
        .raceThen("areAllToldOnce", "fail", "listen")
        .raceThen("areAllToldOnce", "cancel", "listen")
        .raceThen("areAllToldOnce", "complete", "listen", "listen")
        .raceThen("areAllToldOnce", "complete", "listen", "cancel")
        .raceThen("areAllToldOnce", "fail", "listen", "complete")
        .raceThen("areAllToldOnce", "listen cancel", "listen cancel")
        .raceThen("areAllToldOnce", "listen complete", "listen fail")
        .assertLinearizable();
  }

  /** A future, and what each thread's listener was told. */
  public static final class Listened {

    private static final int THREADS = 3;

    private static final class Own extends DirectFuture<Integer> {}

    private final Own future = new Own();
    private final AtomicIntegerArray listening = new AtomicIntegerArray(THREADS);
    private final AtomicIntegerArray told = new AtomicIntegerArray(THREADS);
    private final AtomicReferenceArray<@Nullable Object> what = new AtomicReferenceArray<>(THREADS);

    /** Listens for a thread. */
    public void listen(int thread) {
      listening.set(thread, 1);
      Completions.onEnd(future, (result, failure) -> {
        told.getAndIncrement(thread);
        what.set(thread, result == null ? failure : result);
      });
    }

    /** Ends well. */
    public void complete(int thread) {
      future.complete(thread);
    }

    /** Ends badly. */
    public void fail(int thread) {
      future.completeExceptionally(new IllegalStateException("thread: " + thread));
    }

    /** Gives up. */
    public void cancel() {
      future.cancel(true);
    }

    /** Whether each listener was told once, and what the future has ended with. */
    public boolean areAllToldOnce() {
      var end = future
          .handle((result, failure) -> result == null ? failure : (Object) result)
          .join();
      for (var thread = 0; thread < THREADS; thread++) {
        if (told.get(thread) != listening.get(thread)
            || (told.get(thread) == 1 && what.get(thread) != end)) {
          return false;
        }
      }
      return true;
    }
  }

  /** The model: they are. */
  public static final class Model {

    /** Listens. */
    public void listen(int thread) {}

    /** Ends well. */
    public void complete(int thread) {}

    /** Ends badly. */
    public void fail(int thread) {}

    /** Gives up. */
    public void cancel() {}

    /** They are. */
    public boolean areAllToldOnce() {
      return true;
    }
  }
}
