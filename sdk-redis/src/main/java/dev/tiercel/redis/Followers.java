package dev.tiercel.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who follows a feed, by keyspace. Not thread-safe. */
final class Followers {

  private final Map<String, List<RedisSubscription>> byName = new HashMap<>();

  void add(RedisSubscription follower) {
    byName.computeIfAbsent(follower.name(), name -> new ArrayList<>()).add(follower);
  }

  void remove(RedisSubscription follower) {
    byName.computeIfPresent(follower.name(), (name, others) -> {
      others.remove(follower);
      return others.isEmpty() ? null : others;
    });
  }

  void clear() {
    byName.clear();
  }

  boolean isEmpty() {
    return byName.isEmpty();
  }

  /** The keyspaces that somebody follows. */
  List<String> keyspaces() {
    return byName.values().stream().map(each -> each.get(0).keyspace()).toList();
  }

  /**
   * Those of one keyspace, as they are now.
   *
   * @param name the keyspace as names of keys hold it
   */
  List<RedisSubscription> of(String name) {
    return List.copyOf(byName.getOrDefault(name, List.of()));
  }

  /** All of them, as they are now. */
  List<RedisSubscription> all() {
    return byName.values().stream().flatMap(List::stream).toList();
  }
}
