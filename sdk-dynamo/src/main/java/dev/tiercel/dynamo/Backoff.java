package dev.tiercel.dynamo;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before DynamoDB is asked again for what it left unprocessed: any time up to a
 * limit that doubles with every round (full jitter), so that clients throttled together do not come
 * back together.
 *
 * @param base the limit of the first wait
 * @param cap the largest limit
 * @param random 0 (inclusive) to 1 (exclusive); thread-safe
 * @see <a
 *     href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">Exponential
 *     Backoff And Jitter</a>
 */
record Backoff(Duration base, Duration cap, DoubleSupplier random) {

  private static final int MAX_DOUBLINGS = 30;

  /** 10 ms, about two single-digit-millisecond answers, up to a second. */
  static Backoff defaults(DoubleSupplier random) {
    return new Backoff(Duration.ofMillis(10), Duration.ofSeconds(1), random);
  }

  /**
   * The wait after a round.
   *
   * @param round from 1
   */
  Duration delay(int round) {
    var doubled = base.toNanos() << Math.min(round - 1, MAX_DOUBLINGS);
    return Duration.ofNanos((long) (random.getAsDouble() * Math.min(doubled, cap.toNanos())));
  }
}
