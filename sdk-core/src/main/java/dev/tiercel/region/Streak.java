package dev.tiercel.region;

/** Events of one kind in a row. Used by one thread at a time. */
final class Streak {

  private int count;
  private long sinceNanos;

  /** One more. */
  void goOn(long nowNanos) {
    if (count == 0) {
      sinceNanos = nowNanos;
    }
    count++;
  }

  /** Something else. */
  void end() {
    count = 0;
  }

  int count() {
    return count;
  }

  /** Whether there is one, and its first event was so long ago. */
  boolean isOf(long nanos, long nowNanos) {
    return count > 0 && nowNanos - sinceNanos >= nanos;
  }
}
