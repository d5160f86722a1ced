package dev.tiercel.time;

import java.time.Duration;

/**
 * Where every part of Tiercel takes the time from and sets its timers, so that a test can hold both
 * in its hand.
 *
 * <p>Implementations are safe for use by several threads.
 */
public interface Time {

  /**
   * A monotonic reading in nanoseconds, as {@link System#nanoTime()}: only differences mean
   * anything, and they may wrap.
   */
  long nanos();

  /**
   * The wall clock in milliseconds since the epoch. It may jump; durations are never measured with
   * it.
   */
  long millis();

  /**
   * Runs a task once after a delay, on a thread of the timer's.
   *
   * @param delay how long to wait; zero or negative means at once
   * @param task short and non-blocking; what it throws is lost, so it must not throw
   * @return a handle that forgets the task if it has not started
   */
  Timer schedule(Duration delay, Runnable task);

  /** A task that waits for its time. */
  @FunctionalInterface
  interface Timer {

    /** Forgets the task if it has not started; does nothing otherwise. */
    void cancel();
  }
}
