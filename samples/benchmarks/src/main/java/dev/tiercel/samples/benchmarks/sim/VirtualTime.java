package dev.tiercel.samples.benchmarks.sim;

import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A time that jumps from one event to the next, so that a simulated minute takes as long as its
 * events take to compute, and the same run always comes out the same. For one thread only.
 */
final class VirtualTime implements Time {

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long now = TimeUnit.HOURS.toNanos(1);
  private long scheduled;

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public long millis() {
    return TimeUnit.NANOSECONDS.toMillis(now);
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    return in(delay.toNanos(), task);
  }

  /** Runs a task so many nanoseconds from now; at once, but not before what is due, if negative. */
  Timer in(long nanos, Runnable task) {
    return at(now + Math.max(0, nanos), task);
  }

  /** Runs a task at an instant that has not passed. */
  Timer at(long nanos, Runnable task) {
    var event = new Event(nanos, scheduled++, task);
    events.add(event);
    return event;
  }

  /** Goes from event to event until something has come about, or nothing is left to happen. */
  void runUntil(BooleanSupplier over) {
    while (!over.getAsBoolean()) {
      var next = events.poll();
      if (next == null) {
        return;
      }
      now = next.at;
      next.run();
    }
  }

  /** Something that is going to happen; of two at the same instant the first one set is first. */
  private static final class Event implements Timer, Comparable<Event> {

    private final long at;
    private final long order;
    private @Nullable Runnable task;

    Event(long at, long order, Runnable task) {
      this.at = at;
      this.order = order;
      this.task = task;
    }

    void run() {
      var due = task;
      if (due != null) {
        due.run();
      }
    }

    /**
     * It stays in the queue, where it would be dear to find, and does nothing when its time comes.
     */
    @Override
    public void cancel() {
      task = null;
    }

    @Override
    public int compareTo(Event other) {
      return at == other.at ? Long.compare(order, other.order) : Long.compare(at, other.at);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(order);
    }
  }
}
