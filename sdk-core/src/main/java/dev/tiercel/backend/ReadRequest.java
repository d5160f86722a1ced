package dev.tiercel.backend;

import java.time.Duration;
import java.util.List;

/**
 * A read of many keys.
 *
 * @param keyspace the keyspace's name; backends shared by several keep their keys apart by it
 * @param keys distinct keys, at least one
 * @param freshness how new the answers must be
 * @param lease for how long a cache should lease each missing key to this reader; zero for no
 *     lease. A copy that is not as fresh as the request wants, or was loaded before the barrier of
 *     the whole keyspace, counts as missing then
 * @param barriers what the reader knows of the keyspace's barriers
 */
public record ReadRequest(
    String keyspace, List<String> keys, Freshness freshness, Duration lease, Barriers barriers) {

  /** Copies the keys. */
  public ReadRequest {
    keys = List.copyOf(keys);
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("keys: none (expected: at least 1)");
    }
  }

  /** A read by somebody who knows of no barriers. */
  public ReadRequest(String keyspace, List<String> keys, Freshness freshness, Duration lease) {
    this(keyspace, keys, freshness, lease, Barriers.NONE);
  }

  /** A read of what the backend considers alive, without leases. */
  public static ReadRequest of(String keyspace, List<String> keys) {
    return new ReadRequest(keyspace, keys, Freshness.ANY, Duration.ZERO);
  }

  /** The same read of other keys. */
  public ReadRequest withKeys(List<String> otherKeys) {
    return new ReadRequest(keyspace, otherKeys, freshness, lease, barriers);
  }

  /** The same read with another freshness. */
  public ReadRequest withFreshness(Freshness other) {
    return new ReadRequest(keyspace, keys, other, lease, barriers);
  }

  /** The same read, leasing what is missing. */
  public ReadRequest withLease(Duration other) {
    return new ReadRequest(keyspace, keys, freshness, other, barriers);
  }

  /** The same read by somebody who knows of these barriers. */
  public ReadRequest withBarriers(Barriers known) {
    return new ReadRequest(keyspace, keys, freshness, lease, known);
  }
}
