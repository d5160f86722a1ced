package dev.tiercel.redis;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The replicas of a Redis that may be read. Immutable; the text form holds no credentials.
 *
 * @param addresses one for each replica, as that of the primary; empty for none. Each leads to a
 *     replica of that primary, with the same database
 * @param maxLag what a replica may lag behind, at most, for its answers to count; 50 ms to 1 h.
 *     While the backend is read, each process writes a small key into the primary five times in
 *     that time
 * @param zones the availability zones of replicas, by address, as far as they are known; a client
 *     that knows its own zone reads those of other zones only when no other takes more
 */
public record ReplicaOptions(List<URI> addresses, Duration maxLag, Map<URI, String> zones) {

  private static final Duration LEAST_LAG = Duration.ofMillis(50);
  private static final Duration MOST_LAG = Duration.ofHours(1);
  private static final Duration DEFAULT_LAG = Duration.ofMillis(500);

  /** Copies the addresses and checks the bounds. */
  public ReplicaOptions {
    addresses = List.copyOf(addresses);
    zones = Map.copyOf(zones);
    addresses.forEach(each -> Address.require("replica", each));
    if (maxLag.compareTo(LEAST_LAG) < 0 || maxLag.compareTo(MOST_LAG) > 0) {
      throw new IllegalArgumentException("maxLag: " + maxLag + " (expected: 50 ms to 1 h)");
    }
  }

  /** No replicas; those that are named may lag 500 ms. */
  public static ReplicaOptions none() {
    return new ReplicaOptions(List.of(), DEFAULT_LAG, Map.of());
  }

  /**
   * The same lag of other replicas.
   *
   * @throws IllegalArgumentException if one is not the address of a Redis
   */
  public ReplicaOptions addresses(List<URI> others) {
    return new ReplicaOptions(others, maxLag, zones);
  }

  /** The same replicas with another lag. */
  public ReplicaOptions maxLag(Duration other) {
    return new ReplicaOptions(addresses, other, zones);
  }

  /** The same replicas in these zones. */
  public ReplicaOptions zones(Map<URI, String> known) {
    return new ReplicaOptions(addresses, maxLag, known);
  }

  /** The zone of a replica, empty if it is not known. */
  String zone(URI address) {
    return zones.getOrDefault(address, "");
  }

  /** The options without the credentials. */
  @Override
  public String toString() {
    return "ReplicaOptions{addresses: " + addresses.stream().map(Address::shown).toList()
        + ", maxLag: " + maxLag + "}";
  }
}
