package dev.tiercel.redis;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting for something to end, when closing. */
final class Ending {

  private Ending() {}

  /**
   * Waits until it has ended in any way, even if the thread is interrupted, whose status is then kept: nothing shall be left behind.
   *
   * @return whether it ended in time
   */
  static boolean await(Future<?> end, Duration limit) {
    var interrupted = false;
    try {
      while (true) {
        try {
          end.get(limit.toNanos(), TimeUnit.NANOSECONDS);
          return true;
        } catch (InterruptedException again) {
          interrupted = true;
        }
      }
    } catch (ExecutionException failed) {
      return true;
    } catch (TimeoutException late) {
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
