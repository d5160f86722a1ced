package dev.tiercel.time;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets something be done at most once in a while, whoever asks: for work that looks at everything,
 * or that shall be spread evenly.
 *
 * <p>Lock-free and thread-safe.
 */
public final class AtMostEvery {

  private final long gapNanos;
  private final Time time;
  private final AtomicLong next;

  /**
   * Lets the first one through.
   *
   * @param gap the least time between two
   * @param time the clock
   */
  public AtMostEvery(Duration gap, Time time) {
    this.gapNanos = Durations.nanos(gap);
    this.time = time;
    this.next = new AtomicLong(time.nanos());
  }

  /** Whether it is to be done now, by this caller; whoever else asks is told no for a while. */
  public boolean isTurn() {
    var now = time.nanos();
    var due = next.get();
    return now - due >= 0 && next.compareAndSet(due, now + gapNanos);
  }
}
