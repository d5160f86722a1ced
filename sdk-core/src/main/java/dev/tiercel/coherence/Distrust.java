package dev.tiercel.coherence;

import dev.tiercel.time.AtMostEvery;
import dev.tiercel.time.Durations;
import dev.tiercel.time.Time;
import dev.tiercel.time.Version;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The keys whose copy in the remote tier may be older than a write this process made, because the
 * remote tier could not be told of it. They are not read there until it has been told.
 *
 * <p>Bounded: past its capacity it distrusts every copy made until then, for as long as such a copy
 * can live.
 *
 * <p>Thread-safe.
 */
public final class Distrust {

  /**
   * Why a copy is not believed.
   *
   * @param version the largest version the remote tier was not told of
   * @param unordered whether it was not told of something that has no version to compare with: to
   *     forget the key
   * @param stamp when the doubt was last raised
   * @param holdOffUntilNanos until when nobody may fill the key
   * @param mark the largest version that the remote tier was to keep in mind, 0 for none
   * @param markedUntilNanos until when it was to
   * @param untilNanos until when the copy can live
   */
  private record Doubt(
      long version,
      boolean unordered,
      long stamp,
      long holdOffUntilNanos,
      long mark,
      long markedUntilNanos,
      long untilNanos) {

    Doubt and(Doubt younger) {
      return new Doubt(
          Math.max(version, younger.version),
          unordered || younger.unordered,
          younger.stamp,
          later(holdOffUntilNanos, younger.holdOffUntilNanos),
          Math.max(mark, younger.mark),
          later(markedUntilNanos, younger.markedUntilNanos),
          younger.untilNanos);
    }

    private static long later(long one, long other) {
      return other - one > 0 ? other : one;
    }
  }

  private record Overflow(long createdUntilMillis, long untilNanos) {}

  private final ConcurrentHashMap<String, Doubt> doubts = new ConcurrentHashMap<>();
  private static final Duration SWEEP_GAP = Duration.ofSeconds(1);

  private final AtomicLong stamps = new AtomicLong();
  private final AtMostEvery sweeps;
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
    this.sweeps = new AtMostEvery(SWEEP_GAP, time);
    this.overflow = new Overflow(Long.MIN_VALUE, time.nanos());
  }

  /**
   * Distrusts the remote copy of a key: the remote tier may not have heard of a newer version.
   *
   * @param key the key
   * @param version the version it was not told of
   */
  public void add(String key, long version) {
    raise(key, version, false, Duration.ZERO, Duration.ZERO);
  }

  /**
   * Distrusts the remote copy of a key: the remote tier may not have heard of a version that exists
   * elsewhere, which it was to keep in mind.
   *
   * @param key the key
   * @param version the version it was not told of
   * @param retention for how long it was to keep it in mind
   */
  public void addMark(String key, long version, Duration retention) {
    raise(key, version, false, Duration.ZERO, retention);
  }

  /**
   * Distrusts whatever the remote tier holds of a key: it may not have heard that it shall forget
   * it.
   *
   * @param key the key
   * @param holdOff for how long nobody may fill the key
   */
  public void addUnordered(String key, Duration holdOff) {
    raise(key, 0, true, holdOff, Duration.ZERO);
  }

  private void raise(
      String key, long version, boolean unordered, Duration holdOff, Duration retention) {
    var now = time.nanos();
    var until = now + lifeNanos;
    if (doubts.size() >= capacity && !doubts.containsKey(key)) {
      sweep();
      if (doubts.size() >= capacity) {
        overflow = new Overflow(time.millis(), until);
        return;
      }
    }
    doubts.compute(key, (same, old) -> {
      // The stamp within the step on the key: whoever clears what was raised before a stamp must
      // have seen what this doubt is about.
      var fresh = new Doubt(
          version,
          unordered,
          stamps.incrementAndGet(),
          now + Durations.nanos(holdOff),
          retention.isZero() ? 0 : version,
          now + Durations.nanos(retention),
          until);
      return old == null ? fresh : old.and(fresh);
    });
  }

  /** Drops what is over; not at every call, since it looks at everything. */
  private void sweep() {
    if (sweeps.isTurn()) {
      doubts.values().removeIf(doubt -> isOver(doubt.untilNanos));
    }
  }

  /**
   * Whether the remote copy of a key must not be used before the remote tier has been told to
   * forget it.
   */
  public boolean contains(String key) {
    if (doubts.isEmpty()) {
      return false;
    }
    var doubt = doubts.get(key);
    return doubt != null && !isOver(doubt.untilNanos);
  }

  /**
   * For how long nobody may fill a key that is in doubt: what is left of the longest hold-off it
   * was added with.
   */
  public Duration holdOff(String key) {
    var doubt = doubts.get(key);
    return doubt == null ? Duration.ZERO : left(doubt.holdOffUntilNanos);
  }

  /** The largest version of a key that the remote tier has yet to be told to keep in mind, or 0. */
  public long mark(String key) {
    var doubt = doubts.get(key);
    return doubt == null || isOver(doubt.markedUntilNanos) ? 0 : doubt.mark;
  }

  /** For how long the remote tier shall keep that version in mind: what is left of the longest. */
  public Duration markRetention(String key) {
    var doubt = doubts.get(key);
    return doubt == null ? Duration.ZERO : left(doubt.markedUntilNanos);
  }

  private Duration left(long untilNanos) {
    return Duration.ofNanos(Math.max(0, untilNanos - time.nanos()));
  }

  /**
   * Below which version the remote copy of a key is not to be believed: {@link Version#MAX} if it
   * is not at all, 0 if it is in no doubt.
   */
  public long below(String key) {
    var doubt = doubts.get(key);
    if (doubt == null) {
      return 0;
    }
    return doubt.unordered ? Version.MAX : doubt.version;
  }

  /** Whether no key is in doubt. */
  public boolean isEmpty() {
    return doubts.isEmpty();
  }

  /**
   * Some of the keys in doubt; what has been in doubt for as long as a copy can live is dropped.
   *
   * @param skipped how many to pass over
   * @param most how many at most
   */
  public List<String> some(int skipped, int most) {
    doubts.values().removeIf(doubt -> isOver(doubt.untilNanos));
    return doubts.keySet().stream().skip(skipped).limit(most).toList();
  }

  /**
   * Whether a remote copy must not be used because more keys were in doubt than could be
   * remembered.
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
   * Trusts the remote copy of a key again: the remote tier holds this version or a newer one.
   * Doubts about newer versions stay, and so do doubts without a version that were raised since a
   * moment.
   *
   * @param key the key
   * @param version the version it was told of
   * @param stamp what {@link #stamp()} said before the remote tier was told
   */
  public void clearUpTo(String key, long version, long stamp) {
    if (!doubts.isEmpty()) {
      doubts.computeIfPresent(
          key,
          (same, doubt) -> doubt.version <= version && (!doubt.unordered || doubt.stamp <= stamp)
              ? null
              : doubt);
    }
  }

  /**
   * Trusts the remote copy of a key again: the remote tier has forgotten the key since a moment.
   * Doubts raised after that moment stay.
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
