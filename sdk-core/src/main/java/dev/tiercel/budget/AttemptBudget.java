package dev.tiercel.budget;

import java.util.concurrent.atomic.AtomicLong;

/**
 * One account for all attempts beyond the first of a backend's calls: successes of first attempts
 * pay in, hedges and retries pay out, one token per key. When a backend fails or stalls altogether
 * nothing is paid in, and extra attempts end with what was left.
 *
 * <p>After the retry budget of Finagle and the retry throttling of gRPC (proposal A6), without
 * their minimum rate: a storm that adds a little for ever is still a storm.
 *
 * <p>Thread-safe and non-blocking; never below zero.
 */
public final class AttemptBudget {

  private static final long MILLI = 1_000;

  private final AtomicLong milliTokens;
  private final long perSuccess;
  private final long most;

  /**
   * A full account.
   *
   * @param policy how it is filled
   */
  public AttemptBudget(BudgetPolicy policy) {
    perSuccess = Math.round(policy.ratio() * MILLI);
    most = policy.burst() * MILLI;
    milliTokens = new AtomicLong(most);
  }

  /**
   * First attempts have been answered.
   *
   * @param keys how many keys, zero or more
   */
  public void succeeded(int keys) {
    // Mostly full, and then only read.
    for (var now = milliTokens.get(); now < most; now = milliTokens.get()) {
      if (milliTokens.compareAndSet(now, Math.min(most, now + keys * perSuccess))) {
        return;
      }
    }
  }

  /**
   * Pays for an extra attempt, or not at all.
   *
   * @param keys how many keys it would ask for, at least 1. More than the account can ever hold
   *     counts as all it can hold, so that a large batch is not refused for ever
   * @return whether it may be sent
   */
  public boolean tryPay(int keys) {
    var price = Math.min(most, keys * MILLI);
    for (var now = milliTokens.get(); now >= price; now = milliTokens.get()) {
      if (milliTokens.compareAndSet(now, now - price)) {
        return true;
      }
    }
    return false;
  }

  /** Whole tokens left. */
  public long tokens() {
    return milliTokens.get() / MILLI;
  }
}
