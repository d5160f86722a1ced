package dev.tiercel.samples.benchmarks.load;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Which calls failed, by when they were made: shows when a service is back. Thread-safe. */
final class Outage {

  private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** A service is back when fewer of the calls of a window fail. */
  private static final double BACK = 0.01;

  private final long begin = System.nanoTime();
  private final AtomicIntegerArray calls;
  private final AtomicIntegerArray failures;

  /**
   * Watches from now on.
   *
   * @param length what comes later counts as the end
   */
  Outage(Duration length) {
    var windows = Math.toIntExact(length.toNanos() / WINDOW_NANOS) + 1;
    calls = new AtomicIntegerArray(windows);
    failures = new AtomicIntegerArray(windows);
  }

  /** Follows a call that is being made now. */
  void follow(CompletableFuture<?> call) {
    var window = window(System.nanoTime());
    calls.incrementAndGet(window);
    var unused = call.whenComplete((result, failure) -> {
      if (result == null) {
        failures.incrementAndGet(window);
      }
    });
  }

  /** How many calls were made from one instant until another. */
  long callsBetween(long fromNanos, long toNanos) {
    var sum = 0L;
    for (var window = window(fromNanos); window < window(toNanos); window++) {
      sum += calls.get(window);
    }
    return sum;
  }

  /** How long after an instant calls still failed, until the last window in which they did. */
  Duration backAfter(long nanos) {
    for (var window = calls.length() - 1; window >= window(nanos); window--) {
      if (failures.get(window) > BACK * calls.get(window)) {
        return Duration.ofNanos(begin + (window + 1) * WINDOW_NANOS - nanos);
      }
    }
    return Duration.ZERO;
  }

  private int window(long nanos) {
    return (int) Math.min(calls.length() - 1L, (nanos - begin) / WINDOW_NANOS);
  }
}
