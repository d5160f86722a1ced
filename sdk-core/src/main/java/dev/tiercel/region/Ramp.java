package dev.tiercel.region;

import dev.tiercel.time.Durations;
import java.time.Duration;

/**
 * The share of the keys a region gets that is being come back to: it grows by the same factor in
 * the same time, so that caches that are cold there fill while few ask. Thread-safe.
 */
final class Ramp {

  private static final double FIRST = 0.01;

  private final double lengthNanos;
  private volatile long sinceNanos;

  Ramp(Duration length, long nowNanos) {
    lengthNanos = Durations.nanos(length);
    sinceNanos = nowNanos;
  }

  void begin(long nowNanos) {
    sinceNanos = nowNanos;
  }

  /** From 1/100 to 1. */
  double share(long nowNanos) {
    var left = 1 - (nowNanos - sinceNanos) / lengthNanos;
    return left <= 0 ? 1 : Math.min(1, Math.pow(FIRST, left));
  }
}
