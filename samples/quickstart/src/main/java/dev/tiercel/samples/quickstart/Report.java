package dev.tiercel.samples.quickstart;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.tiercel.backend.Tier;
import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What a run found; its components are the fields of the JSON.
 *
 * @param trace the trace's name
 * @param seed what generated the trace, if it was, and chose the writes
 * @param items how many distinct items the trace asks for
 * @param loadSeconds how long it took to load them
 * @param requests how many requests were sent
 * @param seconds how long they took
 * @param requestsPerSecond their rate
 * @param reads how many reads were answered
 * @param tiers by tier, the reads it answered
 * @param sourceLoads how many keys the source was asked for; less than its answers where readers
 *     shared a load
 * @param writes the writes that were acknowledged
 * @param cacheFailures how often a cache failed and was gone past
 * @param errors how many calls failed
 * @param errorsByType the same by type of error
 * @param mismatches reads that returned what they should not have
 */
record Report(
    String trace,
    long seed,
    int items,
    double loadSeconds,
    int requests,
    double seconds,
    double requestsPerSecond,
    long reads,
    Map<Tier, Answers> tiers,
    long sourceLoads,
    Latency writes,
    long cacheFailures,
    long errors,
    Map<String, Long> errorsByType,
    long mismatches) {

  /**
   * How long calls took, in microseconds; zeros if there were none.
   *
   * @param count how many
   */
  record Latency(long count, double p50Micros, double p99Micros, double p999Micros) {

    static Latency of(Histogram nanos) {
      return new Latency(nanos.getTotalCount(), at(50, nanos), at(99, nanos), at(99.9, nanos));
    }

    private static double at(double percentile, Histogram nanos) {
      return nanos.getTotalCount() == 0 ? 0 : nanos.getValueAtPercentile(percentile) / 1e3;
    }
  }

  /**
   * The reads that a tier answered.
   *
   * @param latency how long they took, from the call to its answer
   * @param share among all reads that were answered
   * @param hitRatio among those that came as far as this tier
   */
  record Answers(@JsonUnwrapped Latency latency, double share, double hitRatio) {}

  /** Puts together what was measured. */
  static Report of(
      Trace trace,
      long seed,
      int items,
      double loadSeconds,
      double seconds,
      Measurements measured) {
    var requests = trace.items().length();
    return new Report(
        trace.name(),
        seed,
        items,
        loadSeconds,
        requests,
        seconds,
        seconds == 0 ? 0 : requests / seconds,
        reads(measured),
        tiers(measured),
        measured.sourceLoads(),
        Latency.of(measured.writes()),
        measured.cacheFailures(),
        measured.errors().values().stream().mapToLong(Long::longValue).sum(),
        measured.errors(),
        measured.mismatches());
  }

  /** Whether every request was answered, and rightly. */
  boolean isGood() {
    return errors == 0 && mismatches == 0 && reads + writes.count() == requests;
  }

  /** The share of reads that a cache answered. */
  static double hitRatio(Measurements measured) {
    var reads = reads(measured);
    return ratio(reads - measured.latencies(Tier.SOURCE).getTotalCount(), reads);
  }

  private static Map<Tier, Answers> tiers(Measurements measured) {
    var tiers = new EnumMap<Tier, Answers>(Tier.class);
    var reads = reads(measured);
    var reached = reads;
    for (var tier : Tier.values()) {
      var latency = Latency.of(measured.latencies(tier));
      tiers.put(
          tier,
          new Answers(latency, ratio(latency.count(), reads), ratio(latency.count(), reached)));
      reached -= latency.count();
    }
    return tiers;
  }

  private static long reads(Measurements measured) {
    var reads = 0L;
    for (var tier : Tier.values()) {
      reads += measured.latencies(tier).getTotalCount();
    }
    return reads;
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
