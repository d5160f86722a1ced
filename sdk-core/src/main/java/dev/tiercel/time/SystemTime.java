package dev.tiercel.time;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The machine's clocks, and one daemon thread for timers.
 *
 * <p>Thread-safe. The thread ends with {@link #close()}; timers still waiting are then dropped, and
 * new ones ignored.
 */
public final class SystemTime implements Time, AutoCloseable {

  private final ScheduledThreadPoolExecutor timers;

  /**
   * Starts with no thread; the first timer starts it.
   *
   * @param threadName the timer thread's name
   */
  public SystemTime(String threadName) {
    timers = new ScheduledThreadPoolExecutor(1, task -> {
      var thread = new Thread(task, threadName);
      thread.setDaemon(true);
      return thread;
    });
    timers.setRemoveOnCancelPolicy(true);
    timers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
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
    try {
      var future = timers.schedule(task, Durations.nanos(delay), TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException closed) {
      return () -> {};
    }
  }

  @Override
  public void close() {
    timers.shutdownNow();
  }
}
