package dev.tiercel.builtin;

import dev.tiercel.backend.Barriers;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * When the groups of each keyspace were last invalidated. Thread-safe.
 *
 * <p>Bounded: where a keyspace has too many groups, the one that was invalidated longest ago is
 * forgotten, and its barrier becomes the whole keyspace's, which kills more than it must but never
 * brings a copy back to life.
 */
final class BarrierBook {

  /** Of one keyspace. */
  static final int MAX_GROUPS = 10_000;

  private static final long MICROS_PER_MILLI = 1_000;

  private final ConcurrentMap<String, Page> pages = new ConcurrentHashMap<>();

  /** Raises a group's barrier above every barrier of its keyspace, and tells it. */
  long raise(String keyspace, String group, long nowMillis) {
    return page(keyspace).raise(group, nowMillis * MICROS_PER_MILLI);
  }

  /** The barriers that somebody who knows those up to {@code seen} does not know. */
  Barriers since(String keyspace, long seen) {
    var page = pages.get(keyspace);
    return page == null ? Barriers.NONE : page.since(seen);
  }

  /** The barrier of the whole keyspace, 0 if it has none. */
  long ofAll(String keyspace) {
    var page = pages.get(keyspace);
    return page == null ? 0 : page.ofAll;
  }

  private Page page(String keyspace) {
    return pages.computeIfAbsent(keyspace, name -> new Page());
  }

  /** The barriers of one keyspace. */
  private static final class Page {

    private final NavigableMap<Long, String> groups = new TreeMap<>();
    private final Map<String, Long> barriers = new HashMap<>();

    /** Written under the lock; read without it, so that a reader who knows all takes none. */
    private volatile long last;

    private volatile long ofAll;

    synchronized long raise(String group, long nowMicros) {
      var barrier = Math.max(nowMicros, last + 1);
      if (group.equals(Barriers.ALL)) {
        // Every other barrier is older: this one says all that they said.
        groups.clear();
        barriers.clear();
        ofAll = barrier;
      } else {
        note(group, barrier);
      }
      last = barrier;
      return barrier;
    }

    private void note(String group, long barrier) {
      var before = barriers.put(group, barrier);
      if (before != null) {
        groups.remove(before);
      }
      groups.put(barrier, group);
      if (groups.size() > MAX_GROUPS) {
        var oldest = groups.pollFirstEntry();
        barriers.remove(oldest.getValue());
        ofAll = oldest.getKey();
      }
    }

    Barriers since(long seen) {
      return last <= seen ? Barriers.NONE : raisedAfter(seen);
    }

    private synchronized Barriers raisedAfter(long seen) {
      var raised = new HashMap<String, Long>();
      groups.tailMap(seen, false).forEach((barrier, group) -> raised.put(group, barrier));
      if (ofAll > seen) {
        raised.put(Barriers.ALL, ofAll);
      }
      return new Barriers(last, raised);
    }
  }
}
