package dev.tiercel.region;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.Tier;
import dev.tiercel.region.RegionHealth.Verdict;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Copies of reads, sent to a region that others are read from, so that it is known how it is doing.
 * Nobody waits for their answers, and nobody notices them: nothing is leased or filled, which the
 * region's own readers would have to wait for.
 *
 * <p>A copy looks into the remote tier and then into the source, whatever was found: the source
 * decides whether the region can be read, also on the day its cache is empty. One is on its way at
 * a time. Thread-safe.
 */
final class RegionProbe {

  /** A region that takes longer is of no use to anybody. */
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final Lane lane;
  private final Time time;
  private final AtomicBoolean onItsWay = new AtomicBoolean();

  RegionProbe(Lane lane, Time time) {
    this.lane = lane;
    this.time = time;
  }

  /**
   * A key is being read: perhaps here as well.
   *
   * @param asked the region it is read in
   */
  void offer(String key, Lane asked, long now) {
    if (asked != lane
        && !onItsWay.get()
        && lane.health().takesProbe(now)
        && onItsWay.compareAndSet(false, true)) {
      new Copy(key, now).send();
    }
  }

  private final class Copy {

    private final String key;
    private final long sentNanos;
    private final CallContext context = CallContext.of(Deadline.after(TIMEOUT, time));

    /** How long a hit of the remote tier took; 0 if it was none. */
    private long hitNanos;

    Copy(String key, long sentNanos) {
      this.key = key;
      this.sentNanos = sentNanos;
    }

    void send() {
      lane.health().began(sentNanos);
      Completions.onEnd(look(Tier.REMOTE), (outcome, failure) -> {
        hitNanos = outcome instanceof ReadOutcome.Found ? time.nanos() - sentNanos : 0;
        askSource();
      });
    }

    private void askSource() {
      Completions.onEnd(look(Tier.SOURCE), (outcome, failure) -> end(verdict(outcome)));
    }

    /** What is thrown here would meet a reader who has nothing to do with it. */
    private CompletableFuture<ReadOutcome> look(Tier tier) {
      try {
        return lane.tiers().look(tier, key, context);
      } catch (RuntimeException | Error thrown) {
        return CompletableFuture.failedFuture(thrown);
      }
    }

    private static Verdict verdict(@Nullable ReadOutcome outcome) {
      return outcome == null ? Verdict.FAILED : Causes.verdict(outcome);
    }

    /** What it took is what a read would have: most end with a hit. */
    private void end(Verdict verdict) {
      var now = time.nanos();
      onItsWay.set(false);
      lane.health().ended(verdict, hitNanos > 0 ? hitNanos : now - sentNanos, now);
    }
  }
}
