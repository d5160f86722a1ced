package dev.tiercel;

import dev.tiercel.backend.Staleness;
import dev.tiercel.backend.Tier;
import java.time.Duration;

/**
 * A value with its version, age and origin.
 *
 * @param value the value; shared with other readers of the process, so it must not be changed
 * @param version its version, 0 if the source of record keeps none
 * @param tier the tier that answered
 * @param region the region of the backend it came from, empty if it has none
 * @param age how long ago the source of record is known to have held it, at most
 * @param staleness why it may be older than what the source holds, as far as this process knows
 * @param <V> the type of value
 */
public record Entry<V>(
    V value, long version, Tier tier, String region, Duration age, Staleness staleness) {

  /** Whether there is a reason to think that it is older than what the source holds. */
  public boolean isStale() {
    return staleness != Staleness.FRESH;
  }
}
