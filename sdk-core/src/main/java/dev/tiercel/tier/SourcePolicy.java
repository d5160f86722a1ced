package dev.tiercel.tier;

import java.time.Duration;

/**
 * How the source of record is used.
 *
 * @param maxInFlight requests to each of its endpoints in flight, at most, and as many reads
 *     waiting to leave together; its limiter may allow fewer. The same for all keyspaces that share
 *     it
 * @param tombstoneTtl how long it keeps the mark of a deleted key, if it keeps any
 */
public record SourcePolicy(int maxInFlight, Duration tombstoneTtl) {

  /** Checks the bounds. */
  public SourcePolicy {
    if (maxInFlight < 1) {
      throw new IllegalArgumentException("maxInFlight: " + maxInFlight + " (expected: at least 1)");
    }
    if (tombstoneTtl.isNegative() || tombstoneTtl.isZero()) {
      throw new IllegalArgumentException(
          "tombstoneTtl: " + tombstoneTtl + " (expected: more than zero)");
    }
  }

  /** 256 requests in flight, tombstones for one day. */
  public static SourcePolicy defaults() {
    return new SourcePolicy(256, Duration.ofDays(1));
  }

  /** The same policy with another bound on requests in flight. */
  public SourcePolicy maxInFlight(int other) {
    return new SourcePolicy(other, tombstoneTtl);
  }

  /** The same policy with another time for tombstones. */
  public SourcePolicy tombstoneTtl(Duration other) {
    return new SourcePolicy(maxInFlight, other);
  }
}
