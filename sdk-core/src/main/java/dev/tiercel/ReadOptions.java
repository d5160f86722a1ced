package dev.tiercel;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one read differs from its keyspace's defaults.
 *
 * @param deadline how long the call may take; null for the keyspace's default
 * @param maxStaleness how long ago the source of record may have held the answer; null for the
 *     keyspace's bound, which it cannot exceed; zero asks the source itself, consistently
 * @param atLeast the smallest version that will do, as a write returned it; 0 for any
 */
public record ReadOptions(
    @Nullable Duration deadline, @Nullable Duration maxStaleness, long atLeast) {

  private static final ReadOptions DEFAULTS = new ReadOptions(null, null, 0);

  /** Checks the bounds. */
  public ReadOptions {
    if (maxStaleness != null && maxStaleness.isNegative()) {
      throw new IllegalArgumentException(
          "maxStaleness: " + maxStaleness + " (expected: zero or more)");
    }
    if (atLeast < 0) {
      throw new IllegalArgumentException("atLeast: " + atLeast + " (expected: 0 or more)");
    }
  }

  /** The keyspace's defaults. */
  public static ReadOptions defaults() {
    return DEFAULTS;
  }

  /** The same options with a deadline. */
  public ReadOptions deadline(Duration timeout) {
    return new ReadOptions(timeout, maxStaleness, atLeast);
  }

  /** The same options with a bound on staleness. */
  public ReadOptions maxStaleness(Duration bound) {
    return new ReadOptions(deadline, bound, atLeast);
  }

  /** The same options with a smallest version. */
  public ReadOptions atLeast(long version) {
    return new ReadOptions(deadline, maxStaleness, version);
  }
}
