package dev.tiercel.time;

import java.time.Duration;

/**
 * The instant by which a call must have ended. It is set once, at the facade, and spent by every
 * layer below.
 *
 * <p>Immutable and thread-safe.
 */
public final class Deadline {

  private final Time time;
  private final long startNanos;
  private final long atNanos;

  private Deadline(Time time, long startNanos, long atNanos) {
    this.time = time;
    this.startNanos = startNanos;
    this.atNanos = atNanos;
  }

  /**
   * A deadline some time from now.
   *
   * @param timeout how long the call may take; zero or negative has already passed; about 100 years
   *     at most
   * @param time the clock to measure with
   */
  public static Deadline after(Duration timeout, Time time) {
    var now = time.nanos();
    return new Deadline(time, now, now + Durations.nanos(timeout));
  }

  /**
   * The earlier of this deadline and one {@code timeout} from now: what a single attempt may take.
   */
  public Deadline within(Duration timeout) {
    var now = time.nanos();
    var at = now + Durations.nanos(timeout);
    return at - atNanos < 0 ? new Deadline(time, startNanos, at) : this;
  }

  /** What is left, negative once it has passed. */
  public Duration remaining() {
    return Duration.ofNanos(remainingNanos());
  }

  /** What is left in nanoseconds, negative once it has passed. */
  public long remainingNanos() {
    return remainingNanos(time.nanos());
  }

  /**
   * What is left in nanoseconds, negative once it has passed, for a caller that has looked at the
   * clock already: reading it takes a good part of the time of a call that is answered from memory.
   *
   * @param nowNanos a reading, not older than needs be, of the clock the deadline is measured with
   */
  public long remainingNanos(long nowNanos) {
    return atNanos - nowNanos;
  }

  /** How long ago the deadline was set: the time the call has taken so far. */
  public Duration elapsed() {
    return Duration.ofNanos(time.nanos() - startNanos);
  }

  /** Whether nothing is left. */
  public boolean hasPassed() {
    return remainingNanos() <= 0;
  }

  /** Whether this deadline is later than another of the same clock. */
  public boolean isAfter(Deadline other) {
    return atNanos - other.atNanos > 0;
  }

  @Override
  public String toString() {
    return "Deadline{remaining: " + remaining().toMillis() + " ms}";
  }
}
