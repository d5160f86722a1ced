package dev.tiercel.tier;

import java.time.Duration;

/**
 * How a remote tier is used.
 *
 * @param ttl how long it keeps an entry, tombstones included; longer than any deadline
 * @param timeout how long one request to it may take; never more than half of what the call has
 *     left, so that the source can still be asked
 * @param lease for how long a missing key is leased to its loader, who renews it while it loads:
 *     how long a dead loader can keep others waiting
 * @param holdOff for how long nothing is filled after a write of unknown outcome; longer than such
 *     a write can still be on its way
 * @param mark for how long the cache of another region refuses what is older than a write it was
 *     told of; longer than the sources of the regions lag behind each other
 * @param maxInFlight requests to each of its endpoints in flight, at most, and as many reads
 *     waiting to leave together; its limiter may allow fewer. The same for all keyspaces that share
 *     it
 * @param maxFallbackKeys keys asked of the source at once because this tier failed, at most; one
 *     more is refused, so that a dead cache does not become a stampede
 */
public record RemotePolicy(
    Duration ttl,
    Duration timeout,
    Duration lease,
    Duration holdOff,
    Duration mark,
    int maxInFlight,
    int maxFallbackKeys) {

  /** Checks the bounds. */
  public RemotePolicy {
    requirePositive("ttl", ttl);
    requirePositive("timeout", timeout);
    requirePositive("lease", lease);
    requirePositive("holdOff", holdOff);
    requirePositive("mark", mark);
    if (maxInFlight < 1) {
      throw new IllegalArgumentException("maxInFlight: " + maxInFlight + " (expected: at least 1)");
    }
    if (maxFallbackKeys < 0) {
      throw new IllegalArgumentException(
          "maxFallbackKeys: " + maxFallbackKeys + " (expected: 0 or more)");
    }
  }

  /**
   * Ten minutes; 50 ms a request; 1 s leases; 10 s of hold-off; marks of ten minutes; 1,024
   * requests in flight if the limiter allows; 256 keys past a failed tier.
   */
  public static RemotePolicy defaults() {
    return new RemotePolicy(
        Duration.ofMinutes(10),
        Duration.ofMillis(50),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofMinutes(10),
        1024,
        256);
  }

  /** The same policy with another time to live. */
  public RemotePolicy ttl(Duration other) {
    return new RemotePolicy(other, timeout, lease, holdOff, mark, maxInFlight, maxFallbackKeys);
  }

  /** The same policy with another time-out per request. */
  public RemotePolicy timeout(Duration other) {
    return new RemotePolicy(ttl, other, lease, holdOff, mark, maxInFlight, maxFallbackKeys);
  }

  /** The same policy with another lease time. */
  public RemotePolicy lease(Duration other) {
    return new RemotePolicy(ttl, timeout, other, holdOff, mark, maxInFlight, maxFallbackKeys);
  }

  /** The same policy with another hold-off. */
  public RemotePolicy holdOff(Duration other) {
    return new RemotePolicy(ttl, timeout, lease, other, mark, maxInFlight, maxFallbackKeys);
  }

  /** The same policy with another time for marks. */
  public RemotePolicy mark(Duration other) {
    return new RemotePolicy(ttl, timeout, lease, holdOff, other, maxInFlight, maxFallbackKeys);
  }

  /** The same policy with another bound on requests in flight. */
  public RemotePolicy maxInFlight(int other) {
    return new RemotePolicy(ttl, timeout, lease, holdOff, mark, other, maxFallbackKeys);
  }

  /** The same policy with another bound on keys that go past a failed tier. */
  public RemotePolicy maxFallbackKeys(int other) {
    return new RemotePolicy(ttl, timeout, lease, holdOff, mark, maxInFlight, other);
  }

  private static void requirePositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: more than zero)");
    }
  }
}
