package dev.tiercel.hedge;

import dev.tiercel.health.DelayPolicy;
import java.time.Duration;

/**
 * When a slow read is sent a second time, and once more if that one is slow, too.
 *
 * @param enabled whether any is; a read that has failed is taken to a replica all the same
 * @param quantile which part of the reads is not hedged: a second one leaves once the first has
 *     taken longer than so many others do; above 0 and below 1
 * @param floor the shortest delay, more than zero: below it a hedge costs more than it saves
 * @param cap the longest delay, at least {@code floor}
 * @param warmUp answers that must be known, of each kind of read, before any is hedged; at least 1
 * @param window of which past the quantile is, more than zero; longer while reads are so rare that
 *     it would hold too few of them
 * @param maxHedges reads beyond the first, 1 to 3: each leaves when all before it have been slow,
 *     the same delay later
 */
public record HedgePolicy(
    boolean enabled,
    double quantile,
    Duration floor,
    Duration cap,
    int warmUp,
    Duration window,
    int maxHedges) {

  private static final int MOST_HEDGES = 3;

  /** Checks the bounds. */
  public HedgePolicy {
    var unused = new DelayPolicy(enabled, quantile, floor, cap, warmUp, window);
    if (maxHedges < 1 || maxHedges > MOST_HEDGES) {
      throw new IllegalArgumentException("maxHedges: " + maxHedges + " (expected: 1 to 3)");
    }
  }

  /**
   * The slowest 2 %, after 0.5 ms to 1 s, judged by the last half minute and 100 answers; two
   * hedges.
   */
  public static HedgePolicy defaults() {
    return new HedgePolicy(
        true,
        0.98,
        Duration.ofNanos(500_000),
        Duration.ofSeconds(1),
        100,
        Duration.ofSeconds(30),
        2);
  }

  /** Nothing is asked twice because it is slow. */
  public static HedgePolicy off() {
    return defaults().enabled(false);
  }

  /** Which reads are slow. */
  DelayPolicy delay() {
    return new DelayPolicy(enabled, quantile, floor, cap, warmUp, window);
  }

  /** The same policy, on or off. */
  public HedgePolicy enabled(boolean other) {
    return new HedgePolicy(other, quantile, floor, cap, warmUp, window, maxHedges);
  }

  /** The same policy at another quantile. */
  public HedgePolicy quantile(double other) {
    return new HedgePolicy(enabled, other, floor, cap, warmUp, window, maxHedges);
  }

  /** The same policy with another shortest delay. */
  public HedgePolicy floor(Duration other) {
    return new HedgePolicy(enabled, quantile, other, cap, warmUp, window, maxHedges);
  }

  /** The same policy with another longest delay. */
  public HedgePolicy cap(Duration other) {
    return new HedgePolicy(enabled, quantile, floor, other, warmUp, window, maxHedges);
  }

  /** The same policy with another warm-up. */
  public HedgePolicy warmUp(int other) {
    return new HedgePolicy(enabled, quantile, floor, cap, other, window, maxHedges);
  }

  /** The same policy judging by another past. */
  public HedgePolicy window(Duration other) {
    return new HedgePolicy(enabled, quantile, floor, cap, warmUp, other, maxHedges);
  }

  /** The same policy with another number of hedges. */
  public HedgePolicy maxHedges(int other) {
    return new HedgePolicy(enabled, quantile, floor, cap, warmUp, window, other);
  }
}
