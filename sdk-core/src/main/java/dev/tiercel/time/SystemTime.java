package dev.tiercel.time;

import java.time.Duration;

/**
 * The machine's clocks, and one daemon thread for timers.
 *
 * <p>A timer never runs early, and is late by no more than the machine takes to wake a thread and
 * the timers before it take to run. Setting and cancelling one costs about the same however many
 * wait; the thread is woken only for one that is due before all it knows of, and sleeps while none
 * is set.
 *
 * <p>Thread-safe. The thread ends with {@link #close()}; timers still waiting are then dropped, new
 * ones ignored, and one that runs is interrupted.
 */
public final class SystemTime implements Time, AutoCloseable {

  private final TimerThread timers;

  /**
   * Starts with no thread; the first timer starts it.
   *
   * @param threadName the timer thread's name
   */
  public SystemTime(String threadName) {
    timers = new TimerThread(threadName);
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public long millis() {
    return System.currentTimeMillis();
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    return timers.set(Durations.nanos(delay), task);
  }

  @Override
  public void close() {
    timers.close();
  }
}
