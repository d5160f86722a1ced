package dev.tiercel.hedge;

import dev.tiercel.time.AtMostEvery;
import dev.tiercel.time.Time;
import dev.tiercel.time.Version;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions this process has seen lately: below them no replica's answer will do. They keep G2
 * (read your writes) and G3 (monotonic reads) when replicas lag.
 *
 * <p>Why that is enough. Let a replica be read at {@code s}, and let its answer for a key be held
 * against the floors at {@code t}. What this process saw of the key, or wrote and had acknowledged,
 * before {@code s - maxLag} is in the answer, which is what {@link dev.tiercel.backend.Replica}
 * promises. What it saw from then until {@code t} is in the floors, if these still hold everything
 * noted since {@code s - maxLag}; {@link #cover} says so, and where it does not the answer is not
 * used. A read that begins after another has ended thus finds at least what that one found, since
 * an outcome is noted before its caller hears of it.
 *
 * <p>Where no version is known (a write whose outcome is unknown, a key forgotten, an absence
 * without a tombstone, a backend without versions) replicas are not believed for the key at all
 * while the note is held.
 *
 * <p>Two generations of bounded maps: the younger is written to, the older dropped when the younger
 * has reached its age. A generation that is full holds less than everything noted, so nothing is
 * {@linkplain #cover covered} until it has been dropped.
 *
 * <p>Thread-safe and non-blocking.
 */
final class Floors {

  /** More than any version: no replica will do. */
  static final long NO_REPLICA = Version.MAX;

  private static final Logger LOG = LoggerFactory.getLogger(Floors.class);

  private record Path(String keyspace, String key) {}

  private static final class Generation {
    private final ConcurrentHashMap<Path, Long> floors = new ConcurrentHashMap<>();
    private final long startNanos;
    private volatile boolean full;

    Generation(long startNanos) {
      this.startNanos = startNanos;
    }

    /** Whether there was room. */
    boolean note(Path path, long version, int most) {
      if (floors.mappingCount() >= most && !floors.containsKey(path)) {
        return false;
      }
      floors.merge(path, version, Math::max);
      return true;
    }

    long of(Path path) {
      return floors.getOrDefault(path, Version.NONE);
    }
  }

  private record Generations(Generation younger, Generation older) {
    boolean cover(long sinceNanos) {
      return sinceNanos - older.startNanos >= 0 && !older.full && !younger.full;
    }

    long of(Path path) {
      return Math.max(younger.of(path), older.of(path));
    }
  }

  private final long ageNanos;
  private final int maxKeys;
  private final Time time;
  private final AtMostEvery warning;
  private final AtomicReference<Generations> generations;

  /**
   * Nothing has been seen yet.
   *
   * @param ageNanos how long notes are held at least
   * @param maxKeys how many keys a generation holds at most
   * @param time the clock
   */
  Floors(long ageNanos, int maxKeys, Time time) {
    this.ageNanos = ageNanos;
    this.maxKeys = maxKeys;
    this.time = time;
    this.warning = new AtMostEvery(Duration.ofMinutes(1), time);
    var now = time.nanos();
    // All that has been seen before is nothing, so the notes go back as far as anybody asks.
    var ever = new Generation(now - Long.MAX_VALUE / 2);
    this.generations = new AtomicReference<>(new Generations(new Generation(now), ever));
  }

  /**
   * A version of a key has been seen, or written.
   *
   * @param version the version; 0 stands for "no version is known", as {@link #NO_REPLICA} does
   */
  void note(String keyspace, String key, long version) {
    var path = new Path(keyspace, key);
    var floor = version == Version.NONE ? NO_REPLICA : version;
    Generation noted;
    do {
      noted = current().younger();
      if (!noted.note(path, floor, maxKeys)) {
        fill(noted);
      }
      // Whoever is held up in between may write into a generation that is about to be dropped, and
      // then writes into the next one, too.
    } while (current().younger() != noted);
  }

  /** Something has changed that may concern any key: nothing is covered until it is old. */
  void noteAll() {
    Generation noted;
    do {
      noted = current().younger();
      noted.full = true;
    } while (current().younger() != noted);
  }

  /** Whether everything noted since an instant is held. */
  boolean cover(long sinceNanos) {
    return current().cover(sinceNanos);
  }

  /**
   * Whether a replica's answer is not older than what has been seen.
   *
   * @param version the answer's version
   * @param sinceNanos what was seen before is in the answer: when the replica was asked, less its
   *     lag
   */
  boolean admit(String keyspace, String key, long version, long sinceNanos) {
    var held = current();
    return held.cover(sinceNanos) && version >= held.of(new Path(keyspace, key));
  }

  private Generations held() {
    return Objects.requireNonNull(generations.get());
  }

  private Generations current() {
    var held = held();
    var now = time.nanos();
    var age = now - held.younger().startNanos;
    if (age < ageNanos) {
      return held;
    }
    // Whoever notes comes by here, so nothing was noted after the younger one had reached its age.
    var older = age < 2 * ageNanos ? held.younger() : new Generation(now - ageNanos);
    var next = new Generations(new Generation(now), older);
    return generations.compareAndSet(held, next) ? next : held();
  }

  private void fill(Generation generation) {
    generation.full = true;
    if (warning.isTurn()) {
      LOG.warn(
          "keys seen within {} ms: more than {} (expected: fewer); replicas are not read meanwhile",
          ageNanos / 1_000_000,
          maxKeys);
    }
  }
}
