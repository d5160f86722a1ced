package dev.tiercel.samples.quickstart;

import dev.tiercel.backend.Tier;
import dev.tiercel.error.ServingException;
import dev.tiercel.observe.ServingListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** What happened during a replay. Listens to the client as well. Thread-safe. */
final class Measurements implements ServingListener {

  private static final long LONGEST_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int DIGITS = 3;
  private static final int MISMATCHES_KEPT = 10;

  private final Map<Tier, Histogram> answers = new EnumMap<>(Tier.class);
  private final Histogram writes = histogram();
  private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
  private final LongAdder sourceLoads = new LongAdder();
  private final LongAdder cacheFailures = new LongAdder();
  private final LongAdder mismatches = new LongAdder();
  private final List<String> firstMismatches = new ArrayList<>();

  /** Nothing has happened. */
  Measurements() {
    for (var tier : Tier.values()) {
      answers.put(tier, histogram());
    }
  }

  /** A read was answered by a tier. */
  void answered(Tier tier, long nanos) {
    record(latencies(tier), nanos);
  }

  /** A write was acknowledged. */
  void written(long nanos) {
    record(writes, nanos);
  }

  /** A read or a write failed. */
  void failed(Throwable failure) {
    errors
        .computeIfAbsent(failure.getClass().getSimpleName(), type -> new LongAdder())
        .increment();
  }

  /** A read returned what it should not have. */
  void mismatched(String what) {
    mismatches.increment();
    synchronized (firstMismatches) {
      if (firstMismatches.size() < MISMATCHES_KEPT) {
        firstMismatches.add(what);
      }
    }
  }

  @Override
  public void onSourceLoad(String keyspace, int keys) {
    sourceLoads.add(keys);
  }

  @Override
  public void onTierFailure(String keyspace, Tier tier, ServingException cause) {
    cacheFailures.increment();
  }

  /** How long the reads took that a tier answered, in nanoseconds. */
  Histogram latencies(Tier tier) {
    return answers.getOrDefault(tier, writes);
  }

  /** How long acknowledged writes took, in nanoseconds. */
  Histogram writes() {
    return writes;
  }

  /** How many keys the source was asked for. */
  long sourceLoads() {
    return sourceLoads.sum();
  }

  /** How often a cache failed and was gone past. */
  long cacheFailures() {
    return cacheFailures.sum();
  }

  /** Failed calls by type. */
  Map<String, Long> errors() {
    var counts = new TreeMap<String, Long>();
    errors.forEach((type, count) -> counts.put(type, count.sum()));
    return counts;
  }

  /** How many reads returned what they should not have. */
  long mismatches() {
    return mismatches.sum();
  }

  /** The first few of them. */
  List<String> firstMismatches() {
    synchronized (firstMismatches) {
      return List.copyOf(firstMismatches);
    }
  }

  private static Histogram histogram() {
    return new ConcurrentHistogram(LONGEST_NANOS, DIGITS);
  }

  private static void record(Histogram histogram, long nanos) {
    histogram.recordValue(Math.min(nanos, LONGEST_NANOS));
  }
}
