package dev.tiercel.region;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When to look at what changes with time: every 10 ms at most, by one of those who come by, and at
 * once after something has changed. Lock-free and thread-safe.
 */
final class Glance {

  private static final long INTERVAL_NANOS = Duration.ofMillis(10).toNanos();

  private final AtomicLong nextAt;
  private volatile boolean wanted;

  Glance(long nowNanos) {
    nextAt = new AtomicLong(nowNanos);
  }

  /** Something has changed. */
  void want() {
    wanted = true;
  }

  /** Whether the caller is to look now. */
  boolean isDue(long nowNanos) {
    if (wanted) {
      wanted = false;
      return true;
    }
    var at = nextAt.get();
    return nowNanos - at >= 0 && nextAt.compareAndSet(at, nowNanos + INTERVAL_NANOS);
  }
}
