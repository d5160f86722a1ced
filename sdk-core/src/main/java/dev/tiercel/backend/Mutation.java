package dev.tiercel.backend;

import dev.tiercel.time.Version;
import java.time.Duration;

/** A change of one key. */
public sealed interface Mutation {

  /** The key to change. */
  String key();

  /** What must hold for the change to be applied. */
  Condition condition();

  /**
   * Stores a value or a tombstone and ends every lease on the key. A delete is a put of a
   * tombstone.
   *
   * <p>A backend without {@link Feature#VERSIONS} drops the value when it is given a tombstone. One
   * with versions keeps the tombstone until it expires.
   *
   * @param key the key to change
   * @param entry what to store
   * @param condition what must hold; every condition but {@link Condition.IfLease}
   */
  record Put(String key, EncodedEntry entry, Condition condition) implements Mutation {
    /** Refuses a lease as the condition: that is a {@link Fill}. */
    public Put {
      if (condition instanceof Condition.IfLease) {
        throw new IllegalArgumentException("condition: IfLease (expected: a condition of a put)");
      }
    }
  }

  /**
   * Stores, in a cache, what a loader found at the source, and gives its lease back. Refused when
   * the lease is over, or when the cache holds a newer version.
   *
   * @param key the key to fill
   * @param entry what the loader found, perhaps a tombstone
   * @param condition the lease it was loaded under
   */
  record Fill(String key, EncodedEntry entry, Condition.IfLease condition) implements Mutation {}

  /**
   * Makes a lease last longer, while its holder still loads. Refused when it is over already, or is
   * somebody else's.
   *
   * @param key the leased key
   * @param condition the lease
   * @param lease for how long from now it shall hold
   */
  record Renew(String key, Condition.IfLease condition, Duration lease) implements Mutation {}

  /**
   * Gives a lease back without filling: its holder found nothing to store, or failed. The feed
   * tells of it, so that those who wait for the key can go on. Refused when the lease is over
   * already, or is somebody else's.
   *
   * @param key the leased key
   * @param condition the lease
   */
  record Release(String key, Condition.IfLease condition) implements Mutation {}

  /**
   * Makes a cache forget a key: its copy goes, every lease ends, and for {@code holdOff} no new
   * lease is granted, so that nothing is cached while a write of unknown outcome may still arrive
   * at the source. The feed tells of the key, whether or not there was a copy; with {@code below},
   * only if a copy went or a lease ended.
   *
   * @param key the key to forget
   * @param holdOff for how long nothing may be filled, zero for not at all
   * @param below only a copy of a smaller version goes, and if there is one of this version or a
   *     larger one nothing is done; {@link Version#MAX} for any copy
   */
  record Forget(String key, Duration holdOff, long below) implements Mutation {

    /** Forgets whatever the cache holds of a key. */
    public Forget(String key, Duration holdOff) {
      this(key, holdOff, Version.MAX);
    }

    /** Whether any copy goes, whatever its version. */
    public boolean isOfAnyCopy() {
      return below == Version.MAX;
    }

    @Override
    public Condition condition() {
      return Condition.ALWAYS;
    }
  }

  /**
   * Tells a cache that a version of a key exists elsewhere, which the cache's own source may not
   * have received yet: nothing older is kept or stored there until it has.
   *
   * <p>If the cache holds a copy (or tombstone) of this version or a newer one nothing is done.
   * Otherwise the copy goes, every lease ends, the feed tells of the key, and until
   * {@code retention} is over every put and fill of a smaller version is refused, whatever its
   * condition, with the mark's version; a tombstone of version 0 too. The first of this version or
   * a larger one is stored and ends the mark. Leases are granted all the same, and
   * {@link ReadOutcome.Absent} tells of the mark, so that a loader finds out when the source has
   * caught up.
   *
   * <p>A smaller mark never lowers a larger one, nor does a shorter retention shorten a longer one;
   * a version that the cache has forgotten counts as if it were the mark's, if it is larger. A
   * {@link Forget} leaves the mark. To apply a mark twice, or late, does no harm.
   * {@link WriteOutcome.Stored} tells the version of the copy that is there, or of the mark in
   * force.
   *
   * @param key the key
   * @param version the version that is known to exist, at least 1
   * @param retention for how long to keep that in mind, more than zero: longer than the cache's
   *     source ever lags
   */
  record Mark(String key, long version, Duration retention) implements Mutation {
    /** Checks the bounds. */
    public Mark {
      if (version < 1) {
        throw new IllegalArgumentException("version: " + version + " (expected: at least 1)");
      }
      if (retention.isZero() || retention.isNegative()) {
        throw new IllegalArgumentException(
            "retention: " + retention + " (expected: more than zero)");
      }
    }

    @Override
    public Condition condition() {
      return Condition.ALWAYS;
    }
  }

  /**
   * Raises the barrier of a group in a cache: every copy of the group that was loaded before is
   * dead from now on, in constant time. {@link WriteOutcome.Stored} tells the barrier.
   *
   * @param group the group; {@link Barriers#ALL} for the whole keyspace
   */
  record Barrier(String group) implements Mutation {

    /** The group, which is no key of the keyspace. */
    @Override
    public String key() {
      return group;
    }

    @Override
    public Condition condition() {
      return Condition.ALWAYS;
    }
  }
}
