package dev.tiercel.coherence;

import dev.tiercel.time.Durations;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The keys whose copy in the remote tier may be older than a write this process made, because the remote tier could not be
 * told of it. They are not read there until it has been told.
 *
 * <p>Bounded: past its capacity it distrusts every copy made until then, for as long as such a copy can live.
 *
 * <p>Thread-safe.
 */
public final class Distrust {

  private record Doubt(long version, long stamp, long untilNanos) {}

  private record Overflow(long createdUntilMillis, long untilNanos) {}

  private final ConcurrentHashMap<String, Doubt> doubts = new ConcurrentHashMap<>();
  private final AtomicLong stamps = new AtomicLong();
  private final Time time;
  private final int capacity;
  private final long lifeNanos;
  private volatile Overflow overflow;

  /**
   * Trusts everything.
   *
   * @param time the clock
   * @param capacity how many keys to remember one by one
   * @param life how long a copy can live in the remote tier
   */
  public Distrust(Time time, int capacity, Duration life) {
    this.time = time;
    this.capacity = capacity;
    this.lifeNanos = Durations.nanos(life);
    this.overflow = new Overflow(Long.MIN_VALUE, time.nanos());
  }

  /**
   * Distrusts the remote copy of a key.
   *
   * @param key the key
   * @param version the version the remote tier was not told of, 0 if unknown
   */
  public void add(String key, long version) {
    var until = time.nanos() + lifeNanos;
    if (doubts.size() >= capacity && !doubts.containsKey(key)) {
      doubts.values().removeIf(doubt -> isOver(doubt.untilNanos));
      if (doubts.size() >= capacity) {
        overflow = new Overflow(time.millis(), until);
        return;
      }
    }
    doubts.merge(
        key,
        new Doubt(version, stamps.incrementAndGet(), until),
        (old, fresh) -> new Doubt(Math.max(old.version, version), fresh.stamp, until));
  }

  /** Whether the remote copy of a key must not be used before the remote tier has been told to forget it. */
  public boolean contains(String key) {
    if (doubts.isEmpty()) {
      return false;
    }
    var doubt = doubts.get(key);
    return doubt != null && !isOver(doubt.untilNanos);
  }

  /**
   * Whether a remote copy must not be used because more keys were in doubt than could be remembered.
   *
   * @param createdAtMillis when the source of record held the copy, wall-clock
   */
  public boolean coversCopyOf(long createdAtMillis) {
    var current = overflow;
    return createdAtMillis <= current.createdUntilMillis && !isOver(current.untilNanos);
  }

  /** The moment, for {@link #clearRaisedBefore}: every doubt raised from now on is younger. */
  public long stamp() {
    return stamps.get();
  }

  /**
   * Trusts the remote copy of a key again: the remote tier holds this version or a newer one. Doubts about newer versions
   * stay.
   *
   * @param key the key
   * @param version the version it was told of
   */
  public void clearUpTo(String key, long version) {
    if (!doubts.isEmpty()) {
      doubts.computeIfPresent(key, (same, doubt) -> doubt.version <= version ? null : doubt);
    }
  }

  /**
   * Trusts the remote copy of a key again: the remote tier has forgotten the key since a moment. Doubts raised after that
   * moment stay.
   *
   * @param key the key
   * @param stamp what {@link #stamp()} said before the remote tier was asked to forget
   */
  public void clearRaisedBefore(String key, long stamp) {
    if (!doubts.isEmpty()) {
      doubts.computeIfPresent(key, (same, doubt) -> doubt.stamp <= stamp ? null : doubt);
    }
  }

  private boolean isOver(long untilNanos) {
    return time.nanos() - untilNanos >= 0;
  }
}
