package dev.tiercel.coherence;

import dev.tiercel.backend.Barriers;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What this process knows of a keyspace's barriers, see {@link Barriers}.
 *
 * <p>Bounded: past its capacity the older half of the groups is forgotten, and the whole keyspace
 * gets the latest barrier among them, which kills more copies than it must and none too few.
 *
 * <p>Thread-safe; reading takes no lock.
 */
public final class Groups {

  private record Known(Barriers barriers, Barriers summary, long latest) {}

  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Known known = new Known(Barriers.NONE, Barriers.NONE, 0);
  private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();

  /**
   * Knows of no barrier.
   *
   * @param capacity how many groups to remember one by one, at least 1
   */
  public Groups(int capacity) {
    this.capacity = capacity;
  }

  /**
   * Calls back, on the thread that learns of it, whenever a barrier was raised.
   *
   * @param listener short, and must not throw
   */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** Takes barriers note. Older than what is known already, they change nothing. */
  public void learn(Barriers more) {
    if (more.seen() <= seen() && !isNews(more)) {
      return;
    }
    boolean raised;
    lock.lock();
    try {
      raised = isNews(more);
      var after = bounded(known.barriers.and(more));
      known = new Known(after, summary(after), latest(after));
    } finally {
      lock.unlock();
    }
    if (raised) {
      listeners.forEach(Runnable::run);
    }
  }

  /** Whether a group's barrier is later than what is known of it. */
  private boolean isNews(Barriers more) {
    var barriers = known.barriers;
    return more.byGroup().entrySet().stream()
        .anyMatch(each -> each.getValue() > barriers.of(each.getKey()));
  }

  private static long latest(Barriers barriers) {
    return barriers.byGroup().values().stream().mapToLong(each -> each).max().orElse(0);
  }

  /** Everything that is known. */
  public Barriers barriers() {
    return known.barriers;
  }

  /** Every barrier up to here is known. */
  public long seen() {
    return known.barriers.seen();
  }

  /** What a reader tells the cache that it knows: up to where, and the whole keyspace's barrier. */
  public Barriers summary() {
    return known.summary;
  }

  /** Whether a copy was loaded before the barrier of the whole keyspace. */
  public boolean isDead(long barrier) {
    return barrier < known.summary.of(Barriers.ALL);
  }

  /**
   * The last barrier of some groups, or of the whole keyspace.
   *
   * @param groups the groups of a copy
   */
  public long barrier(Set<String> groups) {
    var barriers = known.barriers;
    return groups.stream().mapToLong(barriers::of).reduce(barriers.of(Barriers.ALL), Math::max);
  }

  /** The last barrier of any group. */
  public long latest() {
    return known.latest;
  }

  private static Barriers summary(Barriers all) {
    var whole = all.of(Barriers.ALL);
    return whole == 0
        ? new Barriers(all.seen(), Map.of())
        : new Barriers(all.seen(), Map.of(Barriers.ALL, whole));
  }

  private Barriers bounded(Barriers barriers) {
    if (barriers.byGroup().size() <= capacity) {
      return barriers;
    }
    var sorted = barriers.byGroup().values().stream().sorted().toList();
    var latestForgotten = sorted.get(sorted.size() / 2);
    var kept = new HashMap<>(barriers.byGroup());
    kept.values().removeIf(barrier -> barrier <= latestForgotten);
    kept.merge(Barriers.ALL, latestForgotten, Math::max);
    return new Barriers(barriers.seen(), kept);
  }
}
