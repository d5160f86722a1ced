package dev.tiercel.budget;

/**
 * How many attempts beyond the first a backend may be sent: hedges and retries together.
 *
 * @param ratio tokens added by each key that a first attempt answered, 0 to 1: what of the load
 *     extra attempts may add
 * @param burst tokens it begins with and holds at most, at least 1: extra attempts after a quiet
 *     time, and what a backend with one call a second lives on
 */
public record BudgetPolicy(double ratio, int burst) {

  /** Checks the bounds. */
  public BudgetPolicy {
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException("ratio: " + ratio + " (expected: 0 to 1)");
    }
    if (burst < 1) {
      throw new IllegalArgumentException("burst: " + burst + " (expected: at least 1)");
    }
  }

  /** 5 %, and 20 at once. */
  public static BudgetPolicy defaults() {
    return new BudgetPolicy(0.05, 20);
  }

  /** The same policy with another ratio. */
  public BudgetPolicy ratio(double other) {
    return new BudgetPolicy(other, burst);
  }

  /** The same policy with another burst. */
  public BudgetPolicy burst(int other) {
    return new BudgetPolicy(ratio, other);
  }
}
