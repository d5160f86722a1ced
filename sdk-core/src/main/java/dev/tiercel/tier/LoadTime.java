package dev.tiercel.tier;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long a load from the source of record takes: a moving average in which each load counts an
 * eighth, as round trips do in TCP (RFC 6298).
 *
 * <p>Lock-free and thread-safe.
 */
final class LoadTime {

  private final AtomicLong nanos = new AtomicLong();

  /** Takes note of a load that has ended. */
  void record(long took) {
    var sample = Math.max(1, took);
    nanos.updateAndGet(mean -> mean == 0 ? sample : mean + (sample - mean) / 8);
  }

  /** The average, zero as long as nothing was loaded. */
  Duration average() {
    return Duration.ofNanos(nanos.get());
  }
}
