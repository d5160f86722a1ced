package dev.tiercel.region;

import dev.tiercel.health.ResultWindow;
import dev.tiercel.time.Durations;
import java.time.Duration;

/**
 * Whether so many calls have failed that a region counts as lost: some in a row, or a part of the
 * last ones. Works at any rate of calls: at a million a second, of which one in ten fails, five
 * fail in a row all the time.
 *
 * <p>Successes are counted lock-free and by any thread; everything else is done by one at a time.
 */
final class Failures {

  /** Failures of so short a time are one event, however many they are. */
  private static final long EVENT_NANOS = Duration.ofMillis(50).toNanos();

  private final RegionPolicy policy;
  private final ResultWindow results;
  private final Streak row = new Streak();

  /** Failures with no more than a window between one and the next, whatever else there is. */
  private final Streak related = new Streak();

  private long lastNanos;

  Failures(RegionPolicy policy, long nowNanos) {
    this.policy = policy;
    this.results = new ResultWindow(policy.window(), nowNanos);
  }

  void succeeded(long nowNanos) {
    results.succeeded(nowNanos);
  }

  /** Counts a failure, and says whether they are too many now. */
  boolean failed(long nowNanos) {
    if (nowNanos - lastNanos >= Durations.nanos(policy.window())) {
      related.end();
    }
    lastNanos = nowNanos;
    results.failed(nowNanos);
    row.goOn(nowNanos);
    related.goOn(nowNanos);
    return isRow(nowNanos) || isShare(nowNanos);
  }

  private boolean isRow(long nowNanos) {
    return row.count() >= policy.consecutive() && row.isOf(EVENT_NANOS, nowNanos);
  }

  private boolean isShare(long nowNanos) {
    if (!related.isOf(EVENT_NANOS, nowNanos)) {
      return false;
    }
    var counts = results.counts(nowNanos);
    return counts.all() >= policy.minResults() && counts.failureRate() >= policy.failureRate();
  }

  /** There was a success since the last failure. */
  void endRow() {
    row.end();
  }

  /** Forgets everything. */
  void clear() {
    results.clear();
    row.end();
    related.end();
  }
}
