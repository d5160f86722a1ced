package dev.tiercel.guard;

import dev.tiercel.time.Durations;
import dev.tiercel.time.Time;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides how many calls may be on their way to an endpoint, from how it answers, and refuses at
 * once what is more.
 *
 * <p>Additive increase, multiplicative decrease, once per window of at least 100 ms: a tenth fewer
 * when a tenth of the calls was dropped, or when the median answer took more than {@code tolerance}
 * times what it takes without load; else, if the limit was nearly reached, half its square root
 * more. The median and not the mean or the tail, because one stalled call in a hundred is no
 * congestion; of two windows, because a queue that is gone in the next one was a burst. Reads and
 * writes are each compared with themselves, in four classes of sizes.
 *
 * <p>What an answer takes without load is the smallest median seen: it only ever falls. When all
 * windows of {@code memory} have been far above it, or the limit has been divided by the tolerance
 * and that did not help, either the overload lasts or the way to the endpoint has become longer.
 * Only an answer without load can tell: for a moment the limit is divided by the tolerance, and
 * what answers take then is the new truth, as far as it is at most twice the old one: others may
 * load the endpoint meanwhile. So a lasting mild overload cannot creep up, as it does where the
 * yardstick follows the latency.
 *
 * <p>Lock-free and thread-safe; whoever comes first after the end of a window judges it.
 */
public final class ConcurrencyLimiter {

  private static final long WINDOW_NANOS = 100_000_000;
  private static final long MEASURE_NANOS = 2_000_000_000;
  private static final int LOOK_EVERY = 16;
  private static final double USED = 0.8;
  private static final double DECREASE = 0.9;
  private static final int MANY_DROPS = 10;
  private static final int SOON = 10;

  /** A queue that is gone in the next window was a burst, which queues are there for. */
  private static final int LASTING = 2;

  private enum Phase {
    NORMAL,
    /** Fewer calls are let through, but more are still on their way. */
    DRAINING,
    /** Only as many are on their way as the endpoint should answer without queueing. */
    MEASURING
  }

  private final LimiterPolicy policy;
  private final Time time;
  private final Yardsticks yardsticks;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger drops = new AtomicInteger();
  private final AtomicBoolean judging = new AtomicBoolean();
  private volatile int limit;
  private volatile int peak;
  private volatile long windowStart;
  private volatile Phase phase = Phase.NORMAL;
  private int congestedWindows;
  private int limitBefore;
  private int limitToReturnTo;
  private long phaseStart;
  private long memoryStart;
  private boolean stillLonger;

  /**
   * Begins with the policy's initial limit.
   *
   * @param policy the bounds
   * @param time the clock
   */
  public ConcurrencyLimiter(LimiterPolicy policy, Time time) {
    this.policy = policy;
    this.time = time;
    this.limit = policy.initial();
    this.limitBefore = limit;
    this.windowStart = time.nanos();
    this.memoryStart = windowStart;
    this.yardsticks = new Yardsticks(windowStart);
  }

  /**
   * Takes a permit for a call, or not: never blocks.
   *
   * @return whether the call may be sent; then {@link #report} and {@link #release()} are called
   *     once each, or {@link #release(int, boolean, long, Signal)}
   */
  public boolean tryAcquire() {
    for (var now = inFlight.get(); now < limit; now = inFlight.get()) {
      if (inFlight.compareAndSet(now, now + 1)) {
        if (now >= peak) {
          peak = now + 1;
        }
        return true;
      }
    }
    if (phase != Phase.NORMAL) {
      look();
    }
    return false;
  }

  /**
   * Gives a permit back and tells how a read ended.
   *
   * @param keys how many keys it asked for, at least 1
   * @param tookNanos how long it took, or at least took
   * @param signal how it ended
   */
  public void release(int keys, long tookNanos, Signal signal) {
    release(keys, false, tookNanos, signal);
  }

  /**
   * Gives a permit back and tells how the call ended.
   *
   * @param keys how many keys it was for, at least 1
   * @param write whether it was a write, which are not compared with reads
   * @param tookNanos how long it took, or at least took
   * @param signal how it ended
   */
  public void release(int keys, boolean write, long tookNanos, Signal signal) {
    release();
    report(keys, write, tookNanos, signal);
  }

  /** Gives back the permit of a call whose end has been reported, or will never be. */
  public void release() {
    inFlight.decrementAndGet();
  }

  /**
   * Tells how a call ended that may still occupy the endpoint; {@link #release()} is called when it
   * is gone.
   *
   * @param keys how many keys it was for, at least 1
   * @param write whether it was a write, which are not compared with reads
   * @param tookNanos how long it took, or at least took
   * @param signal how it ended
   */
  public void report(int keys, boolean write, long tookNanos, Signal signal) {
    var like = yardsticks.of(keys, write);
    var dropped = signal == Signal.DROPPED;
    if (dropped) {
      drops.incrementAndGet();
    }
    var counts = signal == Signal.ANSWERED || isLong(like, tookNanos);
    var enough = counts && like.answered(tookNanos) % LOOK_EVERY == 0;
    if (dropped || enough || phase != Phase.NORMAL) {
      look();
    }
  }

  /**
   * "At least so long" only says something when that is long already, and nothing of what an answer
   * takes.
   */
  private boolean isLong(Baseline like, long tookNanos) {
    return phase != Phase.MEASURING && like.nanos() > 0 && tookNanos > like.nanos();
  }

  /** How many calls may be on their way now, at least 1. */
  public int limit() {
    return limit;
  }

  /** How many calls are on their way now. */
  public int inFlight() {
    return inFlight.get();
  }

  /** Whether there is little room left: four in five permits are taken, or all while measuring. */
  public boolean isNearlyFull() {
    if (phase == Phase.NORMAL) {
      return inFlight.get() >= USED * limit;
    }
    // Who only sends what is optional asks here first, and nobody else may come to end it.
    look();
    return inFlight.get() >= limit;
  }

  /** Whether answers take so much longer than without load that more would make it worse. */
  boolean isSlow(long nowNanos) {
    return yardsticks.isSlow(nowNanos);
  }

  /**
   * What an answer takes without load, as far as is known, else what the most similar calls take.
   *
   * @param keys how many keys it is for
   * @param write whether it is to a write
   * @return in nanoseconds, 0 if nothing is known
   */
  long typicalNanos(int keys, boolean write) {
    return yardsticks.typicalNanos(keys, write);
  }

  /** Judges the window if it is over and nobody else does. */
  private void look() {
    var now = time.nanos();
    if (!isOver(now) || !judging.compareAndSet(false, true)) {
      return;
    }
    try {
      if (isOver(now)) {
        step(now);
      }
    } finally {
      judging.set(false);
    }
  }

  private boolean isOver(long now) {
    return phase != Phase.NORMAL || now - windowStart >= WINDOW_NANOS;
  }

  private void step(long now) {
    switch (phase) {
      case DRAINING -> drain(now);
      case MEASURING -> measure(now);
      case NORMAL -> {
        var dropping = isDropping();
        if (dropping || yardsticks.isFull()) {
          judge(dropping, now);
        }
      }
    }
  }

  private boolean isDropping() {
    var dropped = drops.get();
    return dropped >= 2 && dropped * MANY_DROPS >= yardsticks.answered();
  }

  private void judge(boolean dropping, long now) {
    var congested = yardsticks.endWindow(now) > policy.tolerance();
    congestedWindows = congested ? congestedWindows + 1 : 0;
    if (congestedWindows >= LASTING || dropping) {
      limit = Math.max(policy.min(), (int) (limit * DECREASE));
    } else if (!congested && peak >= USED * limit) {
      var more = Math.max(1, (int) Math.round(Math.sqrt(limit) / 2));
      limit = Math.min(policy.max(), limit + more);
    }
    if (!congested) {
      limitBefore = limit;
    }
    beginWindow(now);
    if (isDoubtful(congested, now)) {
      measureAnew(now);
    }
  }

  /** Whether what is thought to be normal may not be so any more. */
  private boolean isDoubtful(boolean congested, long now) {
    var age = now - memoryStart;
    var memory = Durations.nanos(policy.memory());
    if (congested
        && limit <= Math.max(policy.min(), limitBefore / policy.tolerance())
        && age >= (stillLonger ? memory : memory / SOON)) {
      memoryStart = now;
      return true;
    }
    if (age < memory) {
      return false;
    }
    memoryStart = now;
    return yardsticks.takeDrift() > policy.tolerance() / 2;
  }

  /** Lets fewer calls through for a while, to see what they take without load. */
  private void measureAnew(long now) {
    limitToReturnTo = limit;
    limit = Math.max(policy.min(), (int) (limit / policy.tolerance()));
    phaseStart = now;
    phase = Phase.DRAINING;
  }

  private void drain(long now) {
    if (inFlight.get() <= limit) {
      yardsticks.clear();
      phaseStart = now;
      phase = Phase.MEASURING;
    } else if (now - phaseStart >= MEASURE_NANOS) {
      returnToNormal(now);
    }
  }

  private void measure(long now) {
    if (yardsticks.isFull() || now - phaseStart >= MEASURE_NANOS) {
      stillLonger = yardsticks.measured(memoryStart, Durations.nanos(policy.memory()));
      returnToNormal(now);
    }
  }

  private void returnToNormal(long now) {
    limit = limitToReturnTo;
    phase = Phase.NORMAL;
    beginWindow(now);
  }

  private void beginWindow(long now) {
    drops.set(0);
    peak = inFlight.get();
    windowStart = now;
  }
}
