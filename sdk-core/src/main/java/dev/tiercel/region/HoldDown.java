package dev.tiercel.region;

import dev.tiercel.time.Durations;
import java.util.random.RandomGenerator;

/**
 * For how long a region that has failed is left alone, and must then be well: longer each time it
 * fails, until it has been in full use for long. Chance keeps processes apart.
 *
 * <p>Used by one thread at a time.
 */
final class HoldDown {

  private static final int MOST_DOUBLINGS = 30;

  /**
   * For how many of the longest hold-downs a region must be in use before its past is forgotten.
   */
  private static final long FORGOTTEN = 2;

  private final RegionPolicy policy;
  private final RandomGenerator random;
  private final Streak recovery = new Streak();
  private int doublings = -1;
  private boolean over = true;
  private long overNanos;
  private long untilNanos;
  private double longer;

  HoldDown(RegionPolicy policy, RandomGenerator random, long nowNanos) {
    this.policy = policy;
    this.random = random;
    this.overNanos = nowNanos;
  }

  /** It fails. */
  void begin(long nowNanos) {
    var longest = Durations.nanos(policy.maxHoldDown());
    var forgotten = over && (nowNanos - overNanos) / FORGOTTEN >= longest;
    doublings = forgotten ? 0 : Math.min(MOST_DOUBLINGS, doublings + 1);
    over = false;
    restart(nowNanos);
  }

  /** It fails in another way: the same hold-down from now on. */
  void restart(long nowNanos) {
    recovery.end();
    untilNanos = nowNanos + (long) (fullNanos() * (1 + random.nextDouble()) / 2);
    longer = 1 + random.nextDouble() / 2;
  }

  private double fullNanos() {
    var first = (double) Durations.nanos(policy.holdDown());
    return Math.min((double) Durations.nanos(policy.maxHoldDown()), first * Math.pow(2, doublings));
  }

  /** It is in full use again. */
  void end(long nowNanos) {
    over = true;
    overNanos = nowNanos;
  }

  /** Whether it may be tried. */
  boolean isOver(long nowNanos) {
    return nowNanos - untilNanos >= 0;
  }

  /**
   * It was down and answers: whether it has answered for long enough, counted from its first answer
   * after the last failure.
   */
  boolean isHealthy(long nowNanos) {
    recovery.goOn(nowNanos);
    return recovery.isOf((long) (longer * Durations.nanos(policy.healthyFor())), nowNanos);
  }

  /**
   * It was slow and is as fast as usual: whether it has been for long enough, which is all that
   * keeps it from being used and left over and over, since it is not left alone meanwhile.
   */
  boolean isFast(long nowNanos) {
    var length = Math.max((double) Durations.nanos(policy.healthyFor()), fullNanos());
    recovery.goOn(nowNanos);
    return recovery.isOf((long) (longer * length), nowNanos);
  }

  /** It was not as it should be for a moment. */
  void interrupt() {
    recovery.end();
  }
}
