package dev.tiercel.time;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

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
      var scheduled = new Scheduled(task);
      scheduled.future = timers.schedule(
          (Callable<@Nullable Void>) scheduled, Durations.nanos(delay), TimeUnit.NANOSECONDS);
      return scheduled;
    } catch (RejectedExecutionException closed) {
      return () -> {};
    }
  }

  @Override
  public void close() {
    timers.shutdownNow();
  }

  /** Both what the executor runs and what its setter holds: every call through a client has one. */
  private static final class Scheduled implements Callable<@Nullable Void>, Timer {

    private final Runnable task;
    private volatile @Nullable Future<?> future;

    Scheduled(Runnable task) {
      this.task = task;
    }

    @Override
    public @Nullable Void call() {
      task.run();
      return null;
    }

    @Override
    public void cancel() {
      var waiting = future;
      if (waiting != null) {
        waiting.cancel(false);
      }
    }
  }
}
