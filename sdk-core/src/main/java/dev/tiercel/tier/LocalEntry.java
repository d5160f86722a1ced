package dev.tiercel.tier;

import dev.tiercel.backend.Freshness;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.Tier;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of a key: a value, or that it has none, with version and times on the
 * local monotonic clock.
 *
 * @param value the value, null if the key has none
 * @param version its version, 0 if its source keeps none
 * @param createdNanos when the source of record is known to have held this
 * @param expiresNanos until when it may be served from the local tier
 * @param weight its weight in the local tier, in bytes
 * @param origin the tier and region it came from
 * @param <V> the type of value
 */
public record LocalEntry<V>(
    @Nullable V value,
    long version,
    long createdNanos,
    long expiresNanos,
    int weight,
    Origin origin) {

  /** The same entry as the local tier answers with it. */
  LocalEntry<V> inLocalTier() {
    return new LocalEntry<>(
        value,
        version,
        createdNanos,
        expiresNanos,
        weight,
        new Origin(Tier.LOCAL, origin.region()));
  }

  /** Whether it may still be served, to anyone. */
  public boolean isAliveAt(long nanos) {
    return nanos - expiresNanos < 0;
  }

  /** Whether it is fresh enough for a reader. */
  public boolean satisfies(Freshness freshness, long nanos) {
    return version >= freshness.atLeast()
        && freshness.maxAge().compareTo(Duration.ofNanos(nanos - createdNanos)) >= 0;
  }
}
