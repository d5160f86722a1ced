package dev.tiercel.tier;

import dev.tiercel.backend.Freshness;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.Staleness;
import dev.tiercel.backend.Tier;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of a key: a value, or that it has none.
 *
 * @param value the value, null if the key has none
 * @param version its version, 0 if its source keeps none
 * @param times when what happens to it
 * @param barrier every barrier of the keyspace up to this one was raised before it was loaded
 * @param trust what {@link dev.tiercel.coherence.Trust} said when it was last found to be good
 * @param weight its weight in the local tier, in bytes
 * @param origin the tier and region it came from
 * @param staleness why it may be older than what the source holds, as of the answer it is part of
 * @param <V> the type of value
 */
public record LocalEntry<V>(
    @Nullable V value,
    long version,
    Times times,
    long barrier,
    long trust,
    int weight,
    Origin origin,
    Staleness staleness) {

  /** What a key that was forgotten still weighs. */
  private static final int GHOST_BYTES = 160;

  /** The same entry as the local tier answers with it. */
  LocalEntry<V> inLocalTier(long noted) {
    return new LocalEntry<>(
        value,
        version,
        times,
        barrier,
        noted,
        weight,
        new Origin(Tier.LOCAL, origin.region()),
        Staleness.FRESH);
  }

  /** The same entry with other times. */
  LocalEntry<V> with(Times other) {
    return new LocalEntry<>(value, version, other, barrier, trust, weight, origin, staleness);
  }

  /** The same entry, found to be good. */
  LocalEntry<V> trusted(long noted) {
    return new LocalEntry<>(value, version, times, barrier, noted, weight, origin, staleness);
  }

  /** The same entry with a label. */
  public LocalEntry<V> labelled(Staleness label) {
    return staleness == label
        ? this
        : new LocalEntry<>(value, version, times, barrier, trust, weight, origin, label);
  }

  /** What is remembered of a forgotten entry: which version this process has seen. */
  LocalEntry<V> ghost(long nanos) {
    return new LocalEntry<>(
        null,
        version,
        times.endedAt(nanos),
        barrier,
        trust,
        Math.min(weight, GHOST_BYTES),
        origin,
        Staleness.FRESH);
  }

  /**
   * Whether it says that the source of record knows nothing of the key, with no mark of a deletion.
   */
  public boolean isNegative() {
    return value == null && version == 0;
  }

  /** Whether it may still be served, to anyone. */
  public boolean isAliveAt(long nanos) {
    return times.isServableAt(nanos);
  }

  /** How long ago the source of record is known to have held it, at most. */
  public Duration ageAt(long nanos) {
    return Duration.ofNanos(Math.max(0, nanos - times.createdNanos()));
  }

  /** Whether it is fresh enough for a reader. */
  public boolean satisfies(Freshness freshness, long nanos) {
    return version >= freshness.atLeast() && freshness.maxAge().compareTo(ageAt(nanos)) >= 0;
  }
}
