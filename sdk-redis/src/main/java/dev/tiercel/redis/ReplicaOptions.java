package dev.tiercel.redis;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * The replicas of a Redis that may be read. Immutable; the text form holds no credentials.
 *
 * @param addresses one for each replica, as that of the primary; empty for none. Each leads to a
 *     replica of that primary, with the same database
 * @param maxLag what a replica may lag behind, at most, for its answers to count; 50 ms to 1 h.
 *     While the backend is read, each process writes a small key into the primary five times in
 *     that time
 */
public record ReplicaOptions(List<URI> addresses, Duration maxLag) {

  private static final Duration LEAST_LAG = Duration.ofMillis(50);
  private static final Duration MOST_LAG = Duration.ofHours(1);
  private static final Duration DEFAULT_LAG = Duration.ofMillis(500);

  /** Copies the addresses and checks the bounds. */
  public ReplicaOptions {
    addresses = List.copyOf(addresses);
    addresses.forEach(each -> Address.require("replica", each));
    if (maxLag.compareTo(LEAST_LAG) < 0 || maxLag.compareTo(MOST_LAG) > 0) {
      throw new IllegalArgumentException("maxLag: " + maxLag + " (expected: 50 ms to 1 h)");
    }
  }

  /** No replicas; those that are named may lag 500 ms. */
  public static ReplicaOptions none() {
    return new ReplicaOptions(List.of(), DEFAULT_LAG);
  }

  /**
   * The same lag of other replicas.
   *
   * @throws IllegalArgumentException if one is not the address of a Redis
   */
  public ReplicaOptions addresses(List<URI> others) {
    return new ReplicaOptions(others, maxLag);
  }

  /** The same replicas with another lag. */
  public ReplicaOptions maxLag(Duration other) {
    return new ReplicaOptions(addresses, other);
  }

  /** The options without the credentials. */
  @Override
  public String toString() {
    return "ReplicaOptions{addresses: " + addresses.stream().map(Address::shown).toList()
        + ", maxLag: " + maxLag + "}";
  }
}
