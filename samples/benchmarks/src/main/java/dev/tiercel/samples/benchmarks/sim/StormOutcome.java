package dev.tiercel.samples.benchmarks.sim;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;

/** What came of a storm's calls, by when they were made. */
final class StormOutcome {

  private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** Queues and estimates begin empty; what happens so early is not typical. */
  private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** For so long calls must be answered as before. */
  private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** So much worse than before still counts as the same: such times come and go by themselves. */
  private static final double SLACK = 0.01;

  private static final double HOPELESS = 0.5;

  private static final int DIGITS = 3;

  private final long slowFrom;
  private final long slowTo;
  private final long lengthNanos;
  private final long[] calls;
  private final long[] failures;
  private final Histogram before = new Histogram(TimeUnit.MINUTES.toNanos(1), DIGITS);
  private final Histogram all = new Histogram(TimeUnit.MINUTES.toNanos(1), DIGITS);
  private long reads;

  StormOutcome(Storm.Plan plan) {
    slowFrom = plan.slowFrom().toNanos();
    slowTo = plan.slowTo().toNanos();
    lengthNanos = plan.length().toNanos();
    var windows = Math.toIntExact(lengthNanos / WINDOW_NANOS) + 1;
    calls = new long[windows];
    failures = new long[windows];
  }

  /** A call has ended; one without an answer counts as one that took until its deadline. */
  void ended(long at, long tookNanos, boolean answered) {
    var window = (int) (at / WINDOW_NANOS);
    calls[window]++;
    if (!answered) {
      failures[window]++;
    }
    var latency = answered ? tookNanos : Storm.DEADLINE.toNanos();
    all.recordValue(latency);
    if (at >= SETTLED_NANOS && at < slowFrom) {
      before.recordValue(latency);
    }
  }

  /** So many reads have arrived at servers. */
  void reads(long count) {
    reads = count;
  }

  /** The part of all calls that ended without an answer. */
  double failureRate() {
    return (double) LongStream.of(failures).sum() / LongStream.of(calls).sum();
  }

  /** Reads that arrived at servers, per call. */
  double load() {
    return (double) reads / LongStream.of(calls).sum();
  }

  /** The p99.9 of calls made before the trigger, in milliseconds. */
  double millisBefore() {
    return before.getValueAtPercentile(99.9) / 1e6;
  }

  /** Latencies of all calls, in nanoseconds. */
  Histogram latencies() {
    return all;
  }

  /** The part of the calls made before the trigger that ended without an answer. */
  double failureRateBefore() {
    return rate(SETTLED_NANOS, slowFrom);
  }

  /**
   * How long after the trigger's end calls are answered again: the first window that begins five
   * seconds in which calls fail as often as before the trigger, or hardly more.
   *
   * @return empty if there is none before the run ends, or if there is nothing to return to: half
   *     of the calls failed before the trigger
   */
  Optional<Duration> recovery() {
    var before = failureRateBefore();
    for (var from = slowTo; from + STEADY_NANOS <= lengthNanos; from += WINDOW_NANOS) {
      if (rate(from, from + STEADY_NANOS) <= before + SLACK) {
        return before < HOPELESS ? Optional.of(Duration.ofNanos(from - slowTo)) : Optional.empty();
      }
    }
    return Optional.empty();
  }

  private double rate(long from, long to) {
    var made = 0L;
    var failed = 0L;
    for (var window = (int) (from / WINDOW_NANOS); window * WINDOW_NANOS < to; window++) {
      made += calls[window];
      failed += failures[window];
    }
    return made == 0 ? 0 : (double) failed / made;
  }
}
