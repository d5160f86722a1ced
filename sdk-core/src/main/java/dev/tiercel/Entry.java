package dev.tiercel;

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
 * @param <V> the type of value
 */
public record Entry<V>(V value, long version, Tier tier, String region, Duration age) {}
