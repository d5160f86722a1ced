package dev.tiercel.tier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tiercel.coherence.Fences;
import dev.tiercel.time.Time;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The cache in this process: finished, immutable entries by key, bounded by weight, never served
 * past their time, and stored only by loads whose fence still stands.
 *
 * <p>A hit allocates nothing. Thread-safe.
 *
 * @param <K> the type of key
 * @param <V> the type of value
 */
public final class LocalTier<K, V> {

  private final Cache<K, LocalEntry<V>> entries;
  private final Fences fences = new Fences();
  private final Time time;
  private volatile boolean on;

  /**
   * Creates an empty tier.
   *
   * @param policy its bound and time to live
   * @param time the clock
   * @param executor runs Caffeine's maintenance
   */
  public LocalTier(LocalPolicy policy, Time time, Executor executor) {
    this.time = time;
    this.on = policy.maxBytes() > 0;
    this.entries = Caffeine.newBuilder()
        .maximumWeight(policy.maxBytes())
        .weigher((K key, LocalEntry<V> entry) -> entry.weight())
        .executor(executor)
        .build();
  }

  /** The entry of a key if it may still be served, else null. */
  public @Nullable LocalEntry<V> get(K key) {
    var entry = on ? entries.getIfPresent(key) : null;
    return entry != null && entry.isAliveAt(time.nanos()) ? entry : null;
  }

  /** The fence a load of the key must note before it asks anybody. */
  public long fence(K key) {
    return fences.current(key);
  }

  /**
   * Stores what a load found, unless the key was written or forgotten since the load noted its
   * fence, or a newer version is here already. A load that is too late to be stored still drops
   * what is older than itself: its readers have seen newer.
   *
   * @return whether the fence stood; if it did not, nothing was stored
   */
  public boolean fill(K key, LocalEntry<V> loaded, long fence) {
    if (!on) {
      return true;
    }
    // The check and the store are one step per key, and a writer raises the fence before its own
    // step on the key: it
    // either finds this entry and replaces it, or has raised the fence by the time it is compared.
    var stood = new boolean[1];
    var local = loaded.inLocalTier();
    entries.asMap().compute(key, (same, old) -> {
      stood[0] = fences.current(key) == fence;
      if (stood[0]) {
        return isNewer(old, local) ? old : local;
      }
      return isProvenOlder(old, loaded) ? null : old;
    });
    return stood[0];
  }

  /**
   * Takes note that a load found no value and no mark of a deletion: what is here is older and
   * goes, unless the key was written since the load noted its fence.
   *
   * @return what is here all the same, newer than the load; null if nothing is
   */
  public @Nullable LocalEntry<V> fillAbsent(K key, long fence) {
    entries.asMap().computeIfPresent(key, (same, old) -> fences.current(key) == fence ? null : old);
    return get(key);
  }

  /**
   * Stores what this process wrote, unless a newer version is here already, and makes every load on
   * its way too late. If the key was written or forgotten since the write noted its fence, nobody
   * knows which came later at the source: then nothing older stays, and nothing is stored.
   *
   * @param key the key
   * @param written what the source of record acknowledged
   * @param fence the key's fence, noted before the write was sent
   */
  public void store(K key, LocalEntry<V> written, long fence) {
    if (!on) {
      fences.raise(key);
      return;
    }
    // Raised within the step on the key: whoever forgets the key in between would find nothing to
    // remove, and what is stored here afterwards would be older than what made it forget.
    var local = written.inLocalTier();
    entries.asMap().compute(key, (same, old) -> {
      var stood = fences.raise(key) == fence;
      if (isNewer(old, local)) {
        return old;
      }
      return stood ? local : null;
    });
  }

  /** Forgets a key and makes every load of it on its way too late. */
  public void forget(K key) {
    fences.raise(key);
    entries.asMap().remove(key);
  }

  /** Forgets everything, for good: what is stored from now on is not served. */
  public void close() {
    on = false;
    entries.invalidateAll();
  }

  private static <V> boolean isProvenOlder(@Nullable LocalEntry<V> old, LocalEntry<V> loaded) {
    return old != null && old.version() < loaded.version();
  }

  private boolean isNewer(@Nullable LocalEntry<V> old, LocalEntry<V> candidate) {
    if (old == null || !old.isAliveAt(time.nanos())) {
      return false;
    }
    // Of one version, or of none, what the source was known to hold later.
    return old.version() == candidate.version()
        ? old.createdNanos() - candidate.createdNanos() > 0
        : old.version() > candidate.version();
  }
}
