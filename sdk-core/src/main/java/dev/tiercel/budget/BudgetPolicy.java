package dev.tiercel.budget;

import java.time.Duration;

/**
 * How many attempts beyond the first a backend may be sent: hedges and retries together.
 *
 * @param ratio tokens added by each key that a first attempt answered, 0 to 1: what of the load
 *     extra attempts may add
 * @param burst tokens it begins with and may always hold, at least 1: what a backend with one call
 *     a second lives on
 * @param hold how long what was paid in may wait to be spent, more than zero: a busy backend holds
 *     the tokens of so much time, so that a short stall, which asks for many at once, is covered
 */
public record BudgetPolicy(double ratio, int burst, Duration hold) {

  /** Checks the bounds. */
  public BudgetPolicy {
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException("ratio: " + ratio + " (expected: 0 to 1)");
    }
    if (burst < 1) {
      throw new IllegalArgumentException("burst: " + burst + " (expected: at least 1)");
    }
    if (hold.isNegative() || hold.isZero()) {
      throw new IllegalArgumentException("hold: " + hold + " (expected: more than zero)");
    }
  }

  /** 5 %; 20 at once, or what five seconds have paid in. */
  public static BudgetPolicy defaults() {
    return new BudgetPolicy(0.05, 20, Duration.ofSeconds(5));
  }

  /** The same policy with another ratio. */
  public BudgetPolicy ratio(double other) {
    return new BudgetPolicy(other, burst, hold);
  }

  /** The same policy with another burst. */
  public BudgetPolicy burst(int other) {
    return new BudgetPolicy(ratio, other, hold);
  }

  /** The same policy, holding tokens for another time. */
  public BudgetPolicy hold(Duration other) {
    return new BudgetPolicy(ratio, burst, other);
  }
}
