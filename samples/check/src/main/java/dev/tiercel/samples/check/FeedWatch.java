package dev.tiercel.samples.check;

import dev.tiercel.BatchResult;
import dev.tiercel.Entry;
import dev.tiercel.backend.Staleness;
import dev.tiercel.backend.Tier;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** Holds every answer against what had been acknowledged when it was asked for. Thread-safe. */
final class FeedWatch {

  /** By when everybody has heard of a write, unless there is a fault. */
  private static final long CONVERGENCE_NANOS = Duration.ofSeconds(3).toNanos();

  private static final long NEVER = Long.MAX_VALUE;

  private final Acknowledged writes;
  private final long maxStalenessNanos;
  private final LongAdder answers = new LongAdder();
  private final LongAdder suspects = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder tooOld = new LongAdder();
  private final LongAdder lies = new LongAdder();
  private final LongAccumulator oldest = new LongAccumulator(Math::max, 0);
  private final AtomicLong noticed = new AtomicLong(NEVER);
  private volatile long cut = NEVER;

  FeedWatch(Acknowledged writes, Duration maxStaleness) {
    this.writes = writes;
    this.maxStalenessNanos = maxStaleness.toNanos();
  }

  /** The feed is being interrupted. */
  void cut() {
    cut = System.nanoTime();
  }

  /** The feed may be back from now on. */
  void healing() {
    cut = NEVER;
  }

  /**
   * Answers to one call came in.
   *
   * @param begun when it was made
   * @return how many of them are labelled or missing
   */
  int saw(BatchResult<Long, String> result, long begun) {
    failures.add(result.failed().size() + result.absent().size());
    var labelled = result.failed().size() + result.absent().size();
    for (var found : result.found().entrySet()) {
      saw(found.getKey().intValue(), found.getValue(), begun);
      labelled += found.getValue().isStale() ? 1 : 0;
    }
    return labelled;
  }

  private void saw(int key, Entry<String> entry, long begun) {
    answers.increment();
    var behind = writes.behindNanos(key, Integer.parseInt(entry.value()), begun);
    oldest.accumulate(behind);
    if (behind > maxStalenessNanos) {
      tooOld.increment();
    }
    var interrupted = cut != NEVER;
    if (entry.staleness() == Staleness.SUSPECT) {
      suspects.increment();
      if (interrupted) {
        noticed.compareAndSet(NEVER, System.nanoTime());
      }
    }
    // Once the interruption is known nothing from memory can be called fresh until it is over.
    var known = interrupted && entry.tier() == Tier.LOCAL && begun > noticed.get();
    if (!entry.isStale() && (known || behind > CONVERGENCE_NANOS)) {
      lies.increment();
    }
  }

  /** When an interruption was first seen by a label, in nanoseconds; empty if it was not. */
  Optional<Long> noticed() {
    return Optional.of(noticed.get()).filter(nanos -> nanos != NEVER);
  }

  long answers() {
    return answers.sum();
  }

  long suspects() {
    return suspects.sum();
  }

  long failures() {
    return failures.sum();
  }

  long tooOld() {
    return tooOld.sum();
  }

  long lies() {
    return lies.sum();
  }

  Duration oldest() {
    return Duration.ofNanos(oldest.get());
  }
}
