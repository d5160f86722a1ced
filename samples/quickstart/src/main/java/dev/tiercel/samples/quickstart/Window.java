package dev.tiercel.samples.quickstart;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Bounds how many calls are on their way. Filled by one thread. */
final class Window {

  private static final long GLANCE_MILLIS = 200;

  private final Semaphore free;
  private final int size;

  /** A window for so many calls, at least one. */
  Window(int size) {
    this.free = new Semaphore(size);
    this.size = size;
  }

  /**
   * Waits for room, makes the call, and gives the room back when it has ended.
   *
   * @param call makes the call; what it throws reaches the caller
   * @param meanwhile called now and then while there is no room
   */
  void send(Supplier<CompletableFuture<?>> call, Runnable meanwhile) throws InterruptedException {
    enter(1, meanwhile);
    try {
      var unused = call.get().whenComplete((result, failure) -> free.release());
    } catch (RuntimeException thrown) {
      free.release();
      throw thrown;
    }
  }

  /** Waits until every call has ended. */
  void drain(Runnable meanwhile) throws InterruptedException {
    enter(size, meanwhile);
    free.release(size);
  }

  private void enter(int calls, Runnable meanwhile) throws InterruptedException {
    while (!free.tryAcquire(calls, GLANCE_MILLIS, TimeUnit.MILLISECONDS)) {
      meanwhile.run();
    }
  }
}
