package dev.tiercel.health;

import dev.tiercel.time.Durations;
import dev.tiercel.time.Time;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long a read may take before it is called slow: a quantile of how long reads have taken
 * lately, at most 3 % above it, or {@link #NEVER} while too little is known.
 *
 * <p>A read that was given up, because a hedge overtook it, its deadline passed or its caller left,
 * has taken <em>at least</em> so long. Counting only answers would make the estimate follow the
 * winners down; counting what was given up as if it had been answered would make it follow
 * impatient callers. Both are what Kaplan and Meier's estimator is for: of those still waiting at
 * each instant, which part was answered then. Where that part never reaches the quantile, nobody
 * knows more than that it is at least the longest time seen.
 *
 * <p>The past is kept in three parts. When the newest covers a third of the window, and holds
 * enough answers for the other two to do without the oldest, the oldest is dropped; so the window
 * grows by itself when reads are rare.
 *
 * <p>Thread-safe and non-blocking: counting is two increments, and one of the counting threads
 * looks at the whole now and then.
 *
 * @see <a href="https://doi.org/10.1080/01621459.1958.10501452">Kaplan, Meier: Nonparametric
 *     Estimation from Incomplete Observations (1958)</a>
 */
public final class DelayEstimator {

  /** No delay is known, or none is wanted. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final int PARTS = 3;
  private static final int MAX_PACE = 1_024;

  /** So many answers beyond the quantile, on average, are what an estimate of it stands on. */
  private static final int BEYOND = 4;

  private final DelayPolicy policy;
  private final Time time;
  private final long partNanos;
  private final double beyond;
  private final long enough;
  private final Latencies[] parts = new Latencies[PARTS];
  private final AtomicInteger uncounted = new AtomicInteger();
  private final AtomicBoolean counting = new AtomicBoolean();

  // Touched only by whoever has set counting.
  private final int[] answered = new int[Latencies.BUCKETS];
  private final int[] unanswered = new int[Latencies.BUCKETS];
  private long partStart;

  private volatile int newest;
  private volatile int pace = 1;
  private volatile long delayNanos = NEVER;

  /**
   * Knows nothing yet.
   *
   * @param policy which quantile of which past
   * @param time the clock
   */
  public DelayEstimator(DelayPolicy policy, Time time) {
    this.policy = policy;
    this.time = time;
    this.partNanos = Math.max(1, Durations.nanos(policy.window()) / PARTS);
    this.beyond = 1 - policy.quantile();
    this.enough = Math.max(policy.warmUp(), (long) Math.ceil(BEYOND / beyond));
    this.partStart = time.nanos();
    Arrays.setAll(parts, part -> new Latencies());
  }

  /** After how many nanoseconds a read is slow; {@link #NEVER} if that is not known. */
  public long delayNanos() {
    return delayNanos;
  }

  /**
   * A read was answered.
   *
   * @param tookNanos after how long, negative is taken for zero
   */
  public void answered(long tookNanos) {
    if (policy.enabled()) {
      parts[newest].answered(tookNanos);
      counted();
    }
  }

  /**
   * A read was given up, or failed: had it been answered, that would have taken longer.
   *
   * @param tookNanos for how long it had waited, negative is taken for zero
   */
  public void unanswered(long tookNanos) {
    if (policy.enabled()) {
      parts[newest].unanswered(tookNanos);
      counted();
    }
  }

  private void counted() {
    if (uncounted.incrementAndGet() >= pace && counting.compareAndSet(false, true)) {
      try {
        uncounted.set(0);
        look();
      } finally {
        counting.set(false);
      }
    }
  }

  private void look() {
    Arrays.fill(answered, 0);
    Arrays.fill(unanswered, 0);
    var answers = 0L;
    var answersOfNewest = 0L;
    for (var part = 0; part < PARTS; part++) {
      var ofPart = parts[part].addTo(answered, unanswered);
      answers += ofPart;
      answersOfNewest = part == newest ? ofPart : answersOfNewest;
    }
    pace = (int) Math.min(MAX_PACE, 1 + answers / 8);
    delayNanos = answers < policy.warmUp() ? NEVER : bounded(quantile());
    turn(answersOfNewest);
  }

  private long quantile() {
    var waiting = 0L;
    for (var bucket = 0; bucket < Latencies.BUCKETS; bucket++) {
      waiting += answered[bucket] + unanswered[bucket];
    }
    var unansweredPart = 1.0;
    var last = 0;
    for (var bucket = 0; bucket < Latencies.BUCKETS; bucket++) {
      var ended = answered[bucket] + unanswered[bucket];
      if (ended > 0) {
        last = bucket;
        unansweredPart *= (double) (waiting - answered[bucket]) / waiting;
        waiting -= ended;
      }
      // The last digits are lost in the product.
      if (unansweredPart <= beyond + 1e-9) {
        break;
      }
    }
    // Not the middle: what takes much the same time every time would be hedged every other time.
    return Latencies.end(last);
  }

  private long bounded(long nanos) {
    return Math.min(
        Durations.nanos(policy.cap()), Math.max(Durations.nanos(policy.floor()), nanos));
  }

  private void turn(long answersOfNewest) {
    var now = time.nanos();
    if (now - partStart >= partNanos && answersOfNewest * (PARTS - 1) >= enough) {
      var oldest = (newest + 1) % PARTS;
      parts[oldest].clear();
      newest = oldest;
      partStart = now;
    }
  }
}
