package dev.tiercel.region;

import dev.tiercel.backend.Feature;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.error.Where;
import dev.tiercel.health.DelayEstimator;
import dev.tiercel.health.DelayPolicy;
import dev.tiercel.health.Delays;
import dev.tiercel.health.RegionState;
import dev.tiercel.health.Silence;
import dev.tiercel.region.Choice.Candidate;
import dev.tiercel.region.RegionHealth.Verdict;
import dev.tiercel.tier.Tiers;
import dev.tiercel.time.Durations;
import dev.tiercel.time.Time;

/**
 * A region as the reads of a keyspace see it: how it is doing, and when it is slow. Thread-safe.
 */
final class Lane {

  private final Candidate candidate;
  private final int index;
  private final boolean versioned;
  private final Delays delays;
  private final Silence silence;

  /**
   * Nothing is known of its times yet.
   *
   * @param index its place among all regions
   */
  Lane(Candidate candidate, int index, DelayPolicy slow, Time time) {
    this.candidate = candidate;
    this.index = index;
    this.versioned = candidate.region().tiers().capabilities().has(Feature.VERSIONS);
    this.delays = new Delays(slow, time);
    this.silence = new Silence(Durations.nanos(slow.floor()));
  }

  Candidate candidate() {
    return candidate;
  }

  String name() {
    return candidate.region().name();
  }

  Tiers tiers() {
    return candidate.region().tiers();
  }

  RegionHealth health() {
    return candidate.health();
  }

  /** Where its failures happen. */
  Where where() {
    return Where.at(tiers().name(), name());
  }

  int index() {
    return index;
  }

  /** Whether its source orders what it holds: else no answer is known to be behind. */
  boolean isVersioned() {
    return versioned;
  }

  /** Whether it is used at all. */
  boolean isInUse(long now) {
    var state = health().state(now);
    return state == RegionState.HEALTHY
        || state == RegionState.DEGRADED
        || state == RegionState.RAMPING;
  }

  /** Whether there is time enough for an answer, as far as is known. */
  boolean isFastEnough(long leftNanos) {
    return leftNanos > 0 && health().typicalNanos() < leftNanos;
  }

  /**
   * After how long a read is asked of another region as well. Who waits as long as the detour takes
   * loses no more than half of what the best guess would have saved; a region that has fallen
   * silent is not waited for. Time enough is left for the other to answer.
   *
   * @param detourNanos how long the other typically takes
   * @param leftNanos for how long the reader waits
   * @return {@link DelayEstimator#NEVER} if it is not known when such a read is slow, or there is
   *     no time for a detour
   */
  long delayNanos(ReadRequest asked, long detourNanos, long leftNanos) {
    var usual = delays.nanos(asked);
    var latest = Math.min(leftNanos / 2, leftNanos - detourNanos - detourNanos / 2);
    if (usual == DelayEstimator.NEVER || latest <= 0) {
      return DelayEstimator.NEVER;
    }
    return Math.min(latest, silence.delayNanos(Math.max(usual, detourNanos)));
  }

  /** A read is slow, and nothing of it has been answered. */
  void silent() {
    silence.slow();
  }

  /** Something has been answered. */
  void spoke() {
    silence.answered();
  }

  /** A read goes out. */
  void began(long now) {
    health().began(now);
  }

  /** A read that went out has ended. */
  void ended(ReadRequest asked, Verdict verdict, long tookNanos, long now) {
    if (verdict == Verdict.ANSWERED) {
      delays.of(asked).answered(tookNanos);
    } else {
      delays.of(asked).unanswered(tookNanos);
    }
    health().ended(verdict, asked.keys().size(), tookNanos, now);
  }
}
