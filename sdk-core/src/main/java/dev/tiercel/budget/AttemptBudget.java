package dev.tiercel.budget;

import dev.tiercel.time.Durations;
import dev.tiercel.time.Time;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One account for all attempts beyond the first of a backend's calls: successes of first attempts
 * pay in, hedges and retries pay out, one token per key. When a backend fails or stalls altogether
 * nothing is paid in, and extra attempts end with what was left.
 *
 * <p>After the retry budget of Finagle, whose tokens live for a time as well, and the retry
 * throttling of gRPC (proposal A6), without a minimum rate: a storm that adds a little for ever is
 * still a storm.
 *
 * <p>Thread-safe and non-blocking.
 */
public final class AttemptBudget {

  private static final long MILLI = 1_000;

  private final Time time;
  private final long perSuccess;
  private final long burst;
  private final long holdNanos;
  private final AtomicLong milliTokens;

  /** Paid in since the window began, and in the one before. */
  private final AtomicLong paidNow = new AtomicLong();

  private volatile long paidBefore;
  private final AtomicLong windowStart;

  /**
   * An account with its burst.
   *
   * @param policy how it is filled
   * @param time the clock
   */
  public AttemptBudget(BudgetPolicy policy, Time time) {
    this.time = time;
    this.perSuccess = Math.round(policy.ratio() * MILLI);
    this.burst = policy.burst() * MILLI;
    this.holdNanos = Durations.nanos(policy.hold());
    this.milliTokens = new AtomicLong(burst);
    this.windowStart = new AtomicLong(time.nanos());
  }

  /**
   * First attempts have been answered.
   *
   * @param keys how many keys, zero or more
   */
  public void succeeded(int keys) {
    succeeded(keys, time.nanos());
  }

  /**
   * First attempts have been answered, for a caller that has looked at the clock already.
   *
   * @param keys how many keys, zero or more
   * @param nowNanos a fresh reading of the clock the account was made with
   */
  public void succeeded(int keys, long nowNanos) {
    turn(nowNanos);
    var paid = keys * perSuccess;
    paidNow.addAndGet(paid);
    var most = most();
    for (var now = milliTokens.get(); now < most; now = milliTokens.get()) {
      if (milliTokens.compareAndSet(now, Math.min(most, now + paid))) {
        return;
      }
    }
  }

  /**
   * Pays for an extra attempt, or not at all.
   *
   * @param keys how many keys it would ask for, at least 1. A batch of more than the account can
   *     ever hold is let through when the account is full, and leaves it in debt for the rest: it
   *     is not refused for ever, and costs what it costs
   * @return whether it may be sent
   */
  public boolean tryPay(int keys) {
    turn(time.nanos());
    var price = keys * MILLI;
    var enough = Math.min(most(), price);
    for (var now = milliTokens.get(); now >= enough; now = milliTokens.get()) {
      if (milliTokens.compareAndSet(now, now - price)) {
        return true;
      }
    }
    return false;
  }

  /** Whole tokens left; zero while in debt. */
  public long tokens() {
    turn(time.nanos());
    return Math.max(0, milliTokens.get() / MILLI);
  }

  private long most() {
    return Math.max(burst, Math.max(paidBefore, paidNow.get()));
  }

  /** Begins a new window when the last one is over, and lets go of what has been held too long. */
  private void turn(long now) {
    var start = windowStart.get();
    if (now - start >= holdNanos && windowStart.compareAndSet(start, now)) {
      var paid = paidNow.getAndSet(0);
      paidBefore = now - start < 2 * holdNanos ? paid : 0;
      var most = most();
      milliTokens.updateAndGet(tokens -> Math.min(tokens, most));
    }
  }
}
