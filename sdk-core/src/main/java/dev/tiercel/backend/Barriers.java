package dev.tiercel.backend;

import com.google.common.collect.ImmutableMap;
import java.util.HashMap;
import java.util.Map;

/**
 * When groups of a keyspace were last invalidated, in the time of the cache that keeps it: a copy
 * loaded before its group's barrier is dead. The group {@link #ALL} is the whole keyspace.
 *
 * @param seen every barrier up to here is known
 * @param byGroup the barriers, by group
 */
public record Barriers(long seen, Map<String, Long> byGroup) {

  /** The group that every key of the keyspace belongs to. */
  public static final String ALL = "";

  /** No group was ever invalidated. */
  public static final Barriers NONE = new Barriers(0, ImmutableMap.of());

  /** Copies the barriers. */
  public Barriers {
    byGroup = ImmutableMap.copyOf(byGroup);
  }

  /** One group's barrier. */
  public static Barriers of(String group, long barrier) {
    return new Barriers(barrier, ImmutableMap.of(group, barrier));
  }

  /** A group's barrier, 0 if it has none. */
  public long of(String group) {
    return byGroup.getOrDefault(group, 0L);
  }

  /** The later of each group's two barriers. */
  public Barriers and(Barriers other) {
    if (other.byGroup.isEmpty() && other.seen <= seen) {
      return this;
    }
    var merged = new HashMap<>(byGroup);
    other.byGroup.forEach((group, barrier) -> merged.merge(group, barrier, Math::max));
    return new Barriers(Math.max(seen, other.seen), merged);
  }
}
