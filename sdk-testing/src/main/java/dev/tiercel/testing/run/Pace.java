package dev.tiercel.testing.run;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Spaces what a thread does evenly, and lets it catch up after a slow step. Not thread-safe. */
final class Pace {

  /** What is missed beyond this stays missed: no thundering herd after a long fault. */
  private static final long MOST_CATCHING_UP = TimeUnit.SECONDS.toNanos(2);

  private final long interval;
  private long next = System.nanoTime();

  Pace(double perSecond) {
    interval = (long) (TimeUnit.SECONDS.toNanos(1) / perSecond);
  }

  /** Waits until it is time for the next step. */
  void await() {
    var now = System.nanoTime();
    if (now - next > MOST_CATCHING_UP) {
      next = now - MOST_CATCHING_UP;
    }
    if (next - now > 0) {
      LockSupport.parkNanos(next - now);
    }
    next += interval;
  }
}
