package dev.tiercel.tier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tiercel.backend.Staleness;
import dev.tiercel.coherence.Fences;
import dev.tiercel.coherence.Mechanism;
import dev.tiercel.coherence.Trust;
import dev.tiercel.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The cache in this process: finished, immutable entries by key, bounded by weight, never served
 * past their time, and stored only by loads whose fence still stands.
 *
 * <p>An entry that was there when the feed was interrupted is suspect: it is served with that label
 * until it has been revalidated, and never longer than it would have been. An entry of a group that
 * was invalidated since it was loaded is never served again. Of a key that was forgotten the
 * version is remembered, as long as there is room, so that nobody goes back from there.
 *
 * <p>A hit on an entry that nothing is to be said of allocates nothing. Thread-safe.
 *
 * @param <K> the type of key
 * @param <V> the type of value
 */
@SuppressWarnings("ReferenceEquality") // entries are told apart by identity
public final class LocalTier<K, V> {

  /** Which groups entries belong to. */
  @FunctionalInterface
  public interface Membership<K, V> {
    /** The last barrier of the entry's groups: what was loaded before it is dead. */
    long barrier(K key, LocalEntry<V> entry);
  }

  /** Hears of entries that were served although something is to be done about them. */
  @FunctionalInterface
  public interface Attention<K> {
    /**
     * An entry is due to be refreshed, or suspect; told at every hit until that is done.
     *
     * @param suspect whether it is suspect
     */
    void wanted(K key, boolean suspect);
  }

  private final Cache<K, LocalEntry<V>> entries;
  private final Fences fences = new Fences();
  private final Trust trust;
  private final Membership<K, V> groups;
  private final Time time;
  private volatile Attention<K> attention = (key, suspect) -> {};
  private volatile boolean on;

  /**
   * Creates an empty tier.
   *
   * @param policy its bound and time to live
   * @param trust tells when something happened that concerns every entry
   * @param groups tells which entries are dead
   * @param time the clock
   * @param executor runs Caffeine's maintenance
   */
  public LocalTier(
      LocalPolicy policy, Trust trust, Membership<K, V> groups, Time time, Executor executor) {
    this.trust = trust;
    this.groups = groups;
    this.time = time;
    this.on = policy.maxBytes() > 0;
    this.entries = Caffeine.newBuilder()
        .maximumWeight(policy.maxBytes())
        .weigher((K key, LocalEntry<V> entry) -> entry.weight())
        .executor(executor)
        .build();
  }

  /** Who hears of entries that want attention; nobody until this is called. */
  public void onWanted(Attention<K> listener) {
    attention = listener;
  }

  /** The entry of a key if it may still be served, else null. */
  public @Nullable LocalEntry<V> get(K key) {
    var entry = on ? entries.getIfPresent(key) : null;
    if (entry == null) {
      return null;
    }
    return entry.trust() == trust.current() && entry.times().isQuietAt(time.nanos())
        ? entry
        : examined(key, entry);
  }

  /** What can be said of an entry that is not simply good, null if it must not be served. */
  private @Nullable LocalEntry<V> examined(K key, LocalEntry<V> entry) {
    var nanos = time.nanos();
    if (!entry.isAliveAt(nanos)) {
      return null;
    }
    var now = trust.current();
    if (entry.trust() != now && isDead(key, entry)) {
      outdate(key, entry);
      return null;
    }
    var known = entry;
    var suspect = isSuspect(entry, now);
    if (!suspect && entry.trust() != now) {
      known = entry.trusted(now);
      swap(key, entry, known);
    }
    if (suspect || known.times().isDueAt(nanos)) {
      attention.wanted(key, suspect);
    }
    var past = known.times().isPastSoftAt(nanos);
    return known.labelled(
        suspect ? Staleness.SUSPECT : past ? Staleness.SOFT_TTL : Staleness.FRESH);
  }

  private static boolean isSuspect(LocalEntry<?> entry, long now) {
    return !Trust.isUninterrupted(entry.trust(), now);
  }

  /**
   * What may be served of a key although its time is over, since the source failed; null if there
   * is nothing.
   */
  public @Nullable LocalEntry<V> staleIfError(K key) {
    var entry = on ? entries.getIfPresent(key) : null;
    return entry == null
            || time.nanos() - entry.times().staleUntilNanos() >= 0
            || isDead(key, entry)
        ? null
        : entry.labelled(Staleness.ERROR);
  }

  /** Whether an entry was loaded before the barrier of one of its groups. */
  public boolean isDead(K key, LocalEntry<V> entry) {
    return entry.barrier() < groups.barrier(key, entry);
  }

  /** The last barrier of an entry's groups. */
  public long barrier(K key, LocalEntry<V> entry) {
    return groups.barrier(key, entry);
  }

  /** The version this process has last seen of a key, as far as it remembers; 0 if of none. */
  public long seen(K key) {
    var entry = on && Mechanism.FLOOR.isOn() ? entries.getIfPresent(key) : null;
    return entry == null ? 0 : entry.version();
  }

  /**
   * The same, for who has found nothing at all of the key; 0 once it was over by itself, so that
   * there need not be anything any more.
   */
  public long seenAndNotOver(K key) {
    var entry = on ? entries.getIfPresent(key) : null;
    var over = entry == null ? 0 : entry.times().overAtMillis();
    return over != 0 && time.millis() >= over ? 0 : seen(key);
  }

  /** The fence a load of the key must note before it asks anybody. */
  public long fence(K key) {
    return fences.current(key);
  }

  /**
   * Stores what a load found, unless the key was written or forgotten since the load noted its
   * fence, its group was invalidated, or a newer version is here already. A load that is too late
   * to be stored still drops what is older than itself: its readers have seen newer.
   *
   * @return whether the fence stood; if it did not, nothing was stored
   */
  public boolean fill(K key, LocalEntry<V> loaded, long fence) {
    if (!on) {
      return true;
    }
    // The check and the store are one step per key, and whoever writes or forgets the key raises
    // the fence before or within a step of its own: it either finds this entry, or has raised the
    // fence by the time it is compared. The trust is noted before everything else: what happens to
    // all entries
    // from here on makes this one be looked into.
    var noted = trust.noted();
    var dead = isDead(key, loaded);
    var stood = new boolean[1];
    entries.asMap().compute(key, (same, old) -> {
      stood[0] = stands(key, fence) && !dead;
      if (stood[0]) {
        return isNewer(old, loaded) ? old : loaded.inLocalTier(noted);
      }
      // Not stored, but seen by whoever asked for it: nobody goes back from there.
      return isProvenOlder(old, loaded) ? ghost(loaded) : old;
    });
    return stood[0];
  }

  /**
   * Takes note of what was found but must not be stored, because it may lag behind: nobody goes
   * back from there, and what is here and older goes.
   */
  public void see(K key, LocalEntry<V> found) {
    if (on) {
      entries.asMap().compute(key, (same, old) -> isProvenOlder(old, found) ? ghost(found) : old);
    }
  }

  private boolean stands(K key, long fence) {
    return fences.current(key) == fence || !Mechanism.FENCE.isOn();
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
    var noted = trust.noted();
    if (!on) {
      fences.raise(key);
      return;
    }
    // Raised within the step on the key: whoever forgets the key in between would find nothing to
    // forget, and what is stored here afterwards would be older than what made it forget.
    var local = written.inLocalTier(noted);
    var dead = isDead(key, written);
    entries.asMap().compute(key, (same, old) -> {
      var stood = fences.raise(key) == fence;
      if (isNewer(old, written)) {
        return old;
      }
      return stood && !dead ? local : ghost(local);
    });
  }

  /**
   * Forgets a key, all but its version, and makes every load of it on its way too late. Nothing of
   * it is served any more, not even if the source fails.
   */
  public void forget(K key) {
    fences.raise(key);
    entries.asMap().computeIfPresent(key, (same, old) -> ghost(old));
  }

  /**
   * Expires a key and makes every load of it on its way too late; served only if the source fails.
   */
  public void expire(K key) {
    fences.raise(key);
    entries
        .asMap()
        .computeIfPresent(key, (same, old) -> old.with(old.times().expiredAt(time.nanos())));
  }

  /** Forgets every key and makes every load on its way too late. */
  public void forgetAll() {
    fences.raiseAll();
    entries.invalidateAll();
  }

  /**
   * The feed is connected: loads that began before are too late to be stored, and what is stored
   * from now on is trusted.
   */
  public void connected() {
    // The fences first. A load that began before and is stored in between has noted the trust
    // before it compared its fence, and so is suspect.
    fences.raiseAll();
    trust.connected();
  }

  /**
   * The feed is interrupted: everything here is suspect, and so is what is stored until it is back.
   */
  public void interrupted() {
    trust.interrupted();
  }

  /** Whether the feed is connected; true if there is none. */
  public boolean isConnected() {
    return Trust.isConnected(trust.current());
  }

  /** Everything suspect that may still be served, as of a moment during the call. */
  public List<K> suspects() {
    var found = new ArrayList<K>();
    var nanos = time.nanos();
    entries.asMap().forEach((key, entry) -> {
      if (isSuspect(entry, trust.current()) && entry.isAliveAt(nanos)) {
        found.add(key);
      }
    });
    return found;
  }

  /** The entry of a key if it is suspect and may still be served, else null. */
  public @Nullable LocalEntry<V> suspect(K key) {
    var entry = entries.policy().getIfPresentQuietly(key);
    return entry != null && isSuspect(entry, trust.current()) && entry.isAliveAt(time.nanos())
        ? entry
        : null;
  }

  /** The trust to note before asking whether a suspect entry is still good. */
  public long trust() {
    return trust.current();
  }

  /** Whether the feed has been connected without interruption since the trust was noted. */
  public boolean isUninterruptedSince(long noted) {
    return Trust.isUninterrupted(noted, trust.current());
  }

  /**
   * Trusts a suspect entry again: the remote tier holds the same. Its times do not move.
   *
   * @param noted what {@link #trust()} said before the remote tier was asked
   */
  public void revalidated(K key, LocalEntry<V> suspect, long noted) {
    var now = trust.current();
    if (Trust.isUninterrupted(noted, now) && !isDead(key, suspect)) {
      swap(key, suspect, suspect.trusted(now));
    }
  }

  /** Forgets an entry, all but its version, if it is still the one that is here. */
  public void outdate(K key, LocalEntry<V> outdated) {
    swap(key, outdated, ghost(outdated));
  }

  /** Forgets everything, for good: what is stored from now on is not served. */
  public void close() {
    on = false;
    entries.invalidateAll();
  }

  private void swap(K key, LocalEntry<V> expected, LocalEntry<V> next) {
    entries.asMap().computeIfPresent(key, (same, entry) -> entry == expected ? next : entry);
  }

  private LocalEntry<V> ghost(LocalEntry<V> entry) {
    return entry.ghost(time.nanos());
  }

  private static <V> boolean isProvenOlder(@Nullable LocalEntry<V> old, LocalEntry<V> loaded) {
    return loaded.version() > (old == null ? 0 : old.version());
  }

  /** Whether what is here stays in place of a candidate. */
  private boolean isNewer(@Nullable LocalEntry<V> old, LocalEntry<V> candidate) {
    if (old == null || candidate.isNegative()) {
      return false;
    }
    if (old.version() != candidate.version()) {
      return old.version() > candidate.version();
    }
    // Of one version, or of none, what the source was known to hold later.
    var later = old.times().createdNanos() - candidate.times().createdNanos() > 0;
    return old.isAliveAt(time.nanos()) && later;
  }
}
