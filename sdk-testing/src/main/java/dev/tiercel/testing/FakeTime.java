package dev.tiercel.testing;

import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Time that a test holds in its hand: it stands still until it is advanced, and timers run, in the
 * order of their times, on the thread that advances it.
 *
 * <p>The monotonic reading begins shortly before it wraps, so that code which compares two readings
 * instead of their difference is found out. Thread-safe; timers run outside of every lock.
 */
public final class FakeTime implements Time {

  private record Task(long at, long order, Runnable action) {}

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::order));
  private final long startNanos = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos();
  private long elapsedNanos;
  private long wallMillis = 1_750_000_000_000L;
  private long ordered;

  /** Time at an arbitrary, always equal start. */
  public FakeTime() {}

  @Override
  public synchronized long nanos() {
    return startNanos + elapsedNanos;
  }

  @Override
  public synchronized long millis() {
    return wallMillis + Duration.ofNanos(elapsedNanos).toMillis();
  }

  /**
   * Sets a timer; one whose time has come already runs with the next {@link #advance}, also by
   * zero.
   */
  @Override
  public synchronized Timer schedule(Duration delay, Runnable task) {
    var due = elapsedNanos + Math.max(0, Math.min(delay.toNanos(), Long.MAX_VALUE / 4));
    var entry = new Task(due, ordered++, task);
    tasks.add(entry);
    return () -> cancel(entry);
  }

  /**
   * Lets time pass and runs the timers that become due, those set meanwhile included.
   *
   * @param duration how much, zero or more
   */
  public void advance(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("duration: " + duration + " (expected: zero or more)");
    }
    long end;
    synchronized (this) {
      end = elapsedNanos + duration.toNanos();
    }
    for (var task = next(end); task != null; task = next(end)) {
      task.action.run();
    }
  }

  /** Sets the wall clock forward or back; the monotonic reading and the timers do not notice. */
  public synchronized void jumpWallClock(Duration jump) {
    wallMillis += jump.toMillis();
  }

  /** How many timers wait for their time. */
  public synchronized int pendingTimers() {
    return tasks.size();
  }

  private synchronized @org.jspecify.annotations.Nullable Task next(long end) {
    var task = tasks.peek();
    if (task == null || task.at > end) {
      elapsedNanos = Math.max(elapsedNanos, end);
      return null;
    }
    elapsedNanos = Math.max(elapsedNanos, task.at);
    return tasks.poll();
  }

  private synchronized void cancel(Task task) {
    tasks.remove(task);
  }
}
