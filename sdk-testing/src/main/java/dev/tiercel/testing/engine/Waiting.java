package dev.tiercel.testing.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for another process, which tells nobody when it is ready. */
public final class Waiting {
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private Waiting() {}

  /** A wait that may be interrupted. */
  @FunctionalInterface
  interface Wait {
    boolean await() throws InterruptedException;
  }

  /**
   * Asks until the condition holds (true), or the limit has passed or this thread was interrupted
   * (false).
   */
  public static boolean until(BooleanSupplier condition, Duration limit) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > limit.toNanos() || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    return true;
  }

  /**
   * Waits to the end also when interrupted, and keeps the interrupt for the caller: cleaning up
   * must not be cut short.
   */
  static boolean uninterruptibly(Wait wait) {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return wait.await();
        } catch (InterruptedException again) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
