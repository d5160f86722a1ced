package dev.tiercel.testing.chaos;

import dev.tiercel.time.Time;

/** So many bytes per second, a second's worth at once at most. Used on the loop only. */
final class Throttle {

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** How often a slow reader looks for more: often enough to be smooth. */
  private static final long STEP_NANOS = 10_000_000L;

  private final Time time;
  private long bytesPerSecond;
  private long saved;
  private long earnedUntil;

  Throttle(Time time) {
    this.time = time;
  }

  /** Sets the rate; 0 for any. A new rate begins with nothing saved. */
  void rate(long rate) {
    if (rate != bytesPerSecond) {
      bytesPerSecond = rate;
      saved = 0;
      earnedUntil = time.nanos();
    }
  }

  /** How many bytes may be read now. */
  long allowance() {
    if (bytesPerSecond == 0) {
      return Long.MAX_VALUE;
    }
    var elapsed = time.nanos() - earnedUntil;
    if (elapsed >= NANOS_PER_SECOND) {
      earnedUntil += elapsed;
      saved = bytesPerSecond;
    } else {
      var earned = elapsed * bytesPerSecond / NANOS_PER_SECOND;
      earnedUntil += earned * NANOS_PER_SECOND / bytesPerSecond;
      saved = Math.min(bytesPerSecond, saved + earned);
    }
    return saved;
  }

  void take(long bytes) {
    saved = Math.max(0, saved - bytes);
  }

  long nanosToNext() {
    return Math.max(STEP_NANOS, bytesPerSecond == 0 ? 0 : NANOS_PER_SECOND / bytesPerSecond);
  }
}
