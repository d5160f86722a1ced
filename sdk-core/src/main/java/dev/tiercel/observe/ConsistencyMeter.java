package dev.tiercel.observe;

import dev.tiercel.backend.Staleness;
import dev.tiercel.backend.Tier;
import dev.tiercel.error.ServingException;
import dev.tiercel.observe.ConsistencyReport.Line;
import dev.tiercel.observe.ProbeResult.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Adds up what probes find: how many answers of the caches were compared with the source of record,
 * how many agreed, and how old the disagreements were.
 *
 * <p>A listener that hears nothing else; a service with a listener of its own passes
 * {@code onProbe} and {@code onProbeFailure} on to it. Its memory is bounded by the number of
 * keyspaces. Thread-safe.
 */
public final class ConsistencyMeter implements ServingListener {

  private record Kind(String keyspace, Tier tier, Staleness staleness) {}

  private static final class Sum {
    final Map<Verdict, Long> verdicts = new EnumMap<>(Verdict.class);
    final long[] ages = new long[DisagreementAges.BUCKETS];
    Duration max = Duration.ZERO;

    void add(ProbeResult result) {
      verdicts.merge(result.verdict(), 1L, Long::sum);
      var age = result.overtakenFor();
      if (result.verdict() == Verdict.OVERTAKEN) {
        ages[DisagreementAges.bucket(age)]++;
        max = age.compareTo(max) > 0 ? age : max;
      }
    }

    Line line(Kind kind) {
      var counts = new ArrayList<Long>(ages.length);
      for (var count : ages) {
        counts.add(count);
      }
      return new Line(
          kind.keyspace, kind.tier, kind.staleness, verdicts, new DisagreementAges(counts, max));
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Kind, Sum> sums = new LinkedHashMap<>();
  private long failed;

  /** Begins at zero. */
  public ConsistencyMeter() {}

  @Override
  public void onProbe(ProbeResult result) {
    var kind = new Kind(result.keyspace(), result.tier(), result.staleness());
    lock.lock();
    try {
      sums.computeIfAbsent(kind, none -> new Sum()).add(result);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onProbeFailure(String keyspace, ServingException cause) {
    lock.lock();
    try {
      failed++;
    } finally {
      lock.unlock();
    }
  }

  /** What was heard since the meter was made, all of one moment. */
  public ConsistencyReport report() {
    lock.lock();
    try {
      var lines = new ArrayList<Line>(sums.size());
      sums.forEach((kind, sum) -> lines.add(sum.line(kind)));
      return new ConsistencyReport(lines, failed);
    } finally {
      lock.unlock();
    }
  }
}
