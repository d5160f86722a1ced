package dev.tiercel.tier;

import java.time.Duration;

/**
 * How the local tier keeps entries.
 *
 * @param maxBytes the most it holds, counting encoded values, keys and a fixed overhead per entry;
 *     0 turns the tier off
 * @param ttl how long an entry is served after it came in, at most
 */
public record LocalPolicy(long maxBytes, Duration ttl) {

  /** Checks the bounds. */
  public LocalPolicy {
    if (maxBytes < 0) {
      throw new IllegalArgumentException("maxBytes: " + maxBytes + " (expected: 0 or more)");
    }
    if (ttl.isNegative() || ttl.isZero()) {
      throw new IllegalArgumentException("ttl: " + ttl + " (expected: more than zero)");
    }
  }

  /** 64 MiB, one minute. */
  public static LocalPolicy defaults() {
    return new LocalPolicy(64L << 20, Duration.ofMinutes(1));
  }

  /** No local tier: every read goes further. */
  public static LocalPolicy off() {
    return new LocalPolicy(0, Duration.ofMinutes(1));
  }

  /** The same policy with another bound. */
  public LocalPolicy maxBytes(long bytes) {
    return new LocalPolicy(bytes, ttl);
  }

  /** The same policy with another time to live. */
  public LocalPolicy ttl(Duration other) {
    return new LocalPolicy(maxBytes, other);
  }
}
