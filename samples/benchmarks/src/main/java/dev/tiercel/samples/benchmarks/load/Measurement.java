package dev.tiercel.samples.benchmarks.load;

import dev.tiercel.backend.Completions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What came of calls. Thread-safe. */
final class Measurement {

  private static final int DIGITS = 3;

  private final Histogram latencies = new ConcurrentHistogram(TimeUnit.MINUTES.toNanos(1), DIGITS);
  private final LongAdder calls = new LongAdder();
  private final LongAdder ended = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final Map<String, LongAdder> causes = new ConcurrentSkipListMap<>();

  /**
   * Follows a call to its end. Without a value it has failed.
   *
   * @param fromNanos since when its caller waits
   */
  void follow(CompletableFuture<?> call, long fromNanos) {
    calls.increment();
    var unused = call.whenComplete((result, failure) -> {
      latencies.recordValue(Math.max(0, System.nanoTime() - fromNanos));
      if (result == null) {
        failures.increment();
        causes.computeIfAbsent(name(failure), cause -> new LongAdder()).increment();
      }
      ended.increment();
    });
  }

  /** Waits until every call has ended; false if that takes too long. */
  boolean awaitEnd(Duration limit) {
    var until = System.nanoTime() + limit.toNanos();
    while (ended.sum() < calls.sum()) {
      if (System.nanoTime() - until > 0) {
        return false;
      }
      OpenLoop.sleepUntil(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1));
    }
    return true;
  }

  long calls() {
    return calls.sum();
  }

  long failures() {
    return failures.sum();
  }

  /** How often calls failed, by the kind of failure. */
  String causes() {
    return causes.isEmpty() ? "no failure" : causes.toString();
  }

  private static String name(@Nullable Throwable failure) {
    return failure == null ? "no value" : Completions.cause(failure).getClass().getSimpleName();
  }

  /** Latencies in nanoseconds, failures included. */
  Histogram latencies() {
    return latencies;
  }

  double millisAt(double percentile) {
    return latencies.getValueAtPercentile(percentile) / 1e6;
  }
}
