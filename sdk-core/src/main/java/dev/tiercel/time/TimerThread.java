package dev.tiercel.time;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The daemon thread that runs timers. It begins with the first one, sleeps until the next is due,
 * and ends when it is closed.
 */
final class TimerThread implements Runnable, AutoCloseable {

  private static final int MOST_WHEELS = 16;

  private final String name;
  private final long originNanos = System.nanoTime();
  private final Timers timers = new Timers(wheels(), this::wake);
  private volatile @Nullable Thread thread;
  private volatile boolean closed;

  TimerThread(String name) {
    this.name = name;
  }

  /** A power of two, about as many as threads can run. */
  private static int wheels() {
    return Integer.highestOneBit(
        Math.min(MOST_WHEELS, 2 * Runtime.getRuntime().availableProcessors() - 1));
  }

  /** Sets a timer, unless closed. */
  Time.Timer set(long delayNanos, Runnable task) {
    if (thread == null) {
      start();
    }
    return timers.set(now() + Math.max(0, delayNanos), task);
  }

  /** What the first caller's thread has inherited is not inherited further. */
  private synchronized void start() {
    if (thread == null && !closed) {
      var started = new Thread(null, this, name, 0, false);
      started.setDaemon(true);
      started.start();
      thread = started;
    }
  }

  private void wake() {
    LockSupport.unpark(thread);
  }

  private long now() {
    return System.nanoTime() - originNanos;
  }

  /** No task runs between the look at {@link #closed} and the sleep, and uses up its interrupt. */
  @Override
  public void run() {
    while (!closed) {
      sleep(timers.sleep());
      timers.runDue(now());
    }
  }

  private void sleep(long untilNanos) {
    if (untilNanos == TimerWheel.NEVER) {
      LockSupport.park(this);
      return;
    }
    var left = untilNanos - now();
    if (left > 0) {
      LockSupport.parkNanos(this, left);
    }
  }

  /** A task that runs is interrupted, unless it is the one that closes. */
  @Override
  public synchronized void close() {
    closed = true;
    timers.close();
    var running = thread;
    if (running != null && running != Thread.currentThread()) {
      running.interrupt();
    }
  }
}
