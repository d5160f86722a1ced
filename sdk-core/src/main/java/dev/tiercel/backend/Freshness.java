package dev.tiercel.backend;

import java.time.Duration;

/**
 * How new an answer must be.
 *
 * @param atLeast the smallest version that will do, 0 for any
 * @param maxAge how long ago the source of record may have held the answer; zero means "ask the
 *     source, consistently"
 */
public record Freshness(long atLeast, Duration maxAge) {

  /** Any answer a tier considers alive. */
  public static final Freshness ANY = new Freshness(0, Duration.ofSeconds(Long.MAX_VALUE));

  /** The source of record's own answer, which sees every acknowledged write. */
  public static final Freshness CONSISTENT = new Freshness(0, Duration.ZERO);

  /** Checks the bounds. */
  public Freshness {
    if (atLeast < 0) {
      throw new IllegalArgumentException("atLeast: " + atLeast + " (expected: 0 or more)");
    }
    if (maxAge.isNegative()) {
      throw new IllegalArgumentException("maxAge: " + maxAge + " (expected: zero or more)");
    }
  }

  /** Whether only the source of record's own, consistent answer will do. */
  public boolean consistent() {
    return maxAge.isZero();
  }
}
