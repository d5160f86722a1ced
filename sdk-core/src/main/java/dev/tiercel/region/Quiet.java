package dev.tiercel.region;

import java.util.concurrent.atomic.AtomicLong;

/**
 * For how long a region has not answered although it is being asked.
 *
 * <p>There is no timer: whoever comes by looks. So what counts is the time that has been seen to
 * pass, each gap between two looks for no more than a fourth of the bound. A pause of this process,
 * or a first call after hours, is no silence of the region's.
 *
 * <p>Counting calls is lock-free and thread-safe; looking is done by one thread at a time.
 */
final class Quiet {

  /** How exactly the last answer's time is kept: writing it each time would cost the others. */
  private static final long GRAIN_NANOS = 1_000_000;

  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();
  private volatile long answeredNanos;
  private volatile long begunThen;

  /** The last answer before the silence that is being watched. */
  private long watchedNanos;

  private long lookedNanos;

  /** What has been seen of the present half of the bound. */
  private long seenNanos;

  /** How many calls were without an answer when the half before ended; none in the first. */
  private long waiting;

  Quiet(long nowNanos) {
    answeredNanos = nowNanos;
    watchedNanos = nowNanos;
  }

  void began() {
    begun.getAndIncrement();
  }

  void ended() {
    ended.getAndIncrement();
  }

  void answered(long nowNanos) {
    if (nowNanos - answeredNanos >= GRAIN_NANOS) {
      begunThen = begun.get();
      answeredNanos = nowNanos;
    }
  }

  /** How many calls have begun so far. */
  long begun() {
    return begun.get();
  }

  /** How many have ended. */
  long endings() {
    return ended.get();
  }

  /** What was asked before is no longer waited for. */
  void forget(long nowNanos) {
    begunThen = begun.get();
    answeredNanos = nowNanos;
  }

  /**
   * Looks whether it is silent: calls have been on their way without a break, and enough of them
   * for at least half of the time.
   *
   * @param boundNanos for how long nothing may be answered
   * @param calls how many must be without an answer
   */
  boolean isSilent(long nowNanos, long boundNanos, int calls) {
    if (answeredNanos != watchedNanos || begun.get() - ended.get() <= 0) {
      watch(nowNanos);
      return false;
    }
    seenNanos += Math.min(nowNanos - lookedNanos, boundNanos / 4);
    lookedNanos = nowNanos;
    if (seenNanos < boundNanos / 2) {
      return false;
    }
    seenNanos = 0;
    var silent = waiting >= calls;
    waiting = begun.get() - begunThen;
    return silent;
  }

  private void watch(long nowNanos) {
    watchedNanos = answeredNanos;
    lookedNanos = nowNanos;
    seenNanos = 0;
    waiting = 0;
  }
}
