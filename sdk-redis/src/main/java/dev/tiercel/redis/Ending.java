package dev.tiercel.redis;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waiting for something to end, when closing: to the end also when interrupted, and the interrupt
 * is kept for the caller. Nothing shall be left behind.
 */
final class Ending {

  /** A wait that may be interrupted. */
  @FunctionalInterface
  private interface Wait {
    boolean ended() throws InterruptedException;
  }

  private Ending() {}

  /** Whether it has ended, in any way, within the limit. */
  static boolean await(Future<?> end, Duration limit) {
    return uninterruptibly(() -> {
      try {
        end.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        return true;
      } catch (ExecutionException failed) {
        return true;
      } catch (TimeoutException late) {
        return false;
      }
    });
  }

  /** Whether the thread has ended within the limit. */
  static boolean await(Thread thread, Duration limit) {
    return uninterruptibly(() -> {
      // Zero would be without a limit.
      thread.join(Math.max(1, limit.toMillis()));
      return !thread.isAlive();
    });
  }

  private static boolean uninterruptibly(Wait wait) {
    var interrupted = false;
    try {
      while (true) {
        try {
          return wait.ended();
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
