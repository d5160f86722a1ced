package dev.tiercel.observe;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Events that are noted under a lock and told outside of it, each once, in the order in which they
 * were noted, by one thread at a time.
 *
 * <p>Thread-safe. What is told must not throw.
 */
public final class Announcements {

  private final Queue<Runnable> noted = new ConcurrentLinkedQueue<>();
  private final AtomicInteger tellers = new AtomicInteger();

  /** Nothing to tell. */
  public Announcements() {}

  /**
   * Notes an event.
   *
   * @param event tells it
   */
  public void note(Runnable event) {
    noted.add(event);
  }

  /** Tells what has been noted, unless another thread is about it: then that one tells it. */
  public void tell() {
    if (noted.isEmpty() || tellers.getAndIncrement() != 0) {
      return;
    }
    var missed = 1;
    do {
      for (var event = noted.poll(); event != null; event = noted.poll()) {
        event.run();
      }
      missed = tellers.addAndGet(-missed);
    } while (missed != 0);
  }
}
