package dev.tiercel.dynamo;

import dev.tiercel.time.Deadline;
import java.time.Duration;

/**
 * What of a deadline DynamoDB may use. A little is kept back, an eighth and 5 ms at most, for the
 * way up: whoever waits for the call gives all of its keys up together when the deadline passes,
 * also those that are known by then.
 */
final class TimeLeft {

  private static final long MAX_KEPT_NANOS = 5_000_000;

  private TimeLeft() {}

  /** In nanoseconds, zero or negative when it is too late. */
  static long nanos(Deadline deadline) {
    var remaining = deadline.remainingNanos();
    return remaining - Math.min(remaining / 8, MAX_KEPT_NANOS);
  }

  /** In whole milliseconds, which is what the SDK's timers count in. */
  static long millis(Deadline deadline) {
    return nanos(deadline) / 1_000_000;
  }

  /** As a delay. */
  static Duration of(Deadline deadline) {
    return Duration.ofNanos(nanos(deadline));
  }
}
