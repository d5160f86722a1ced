package dev.tiercel.backend;

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
   * Makes a cache forget a key: its value goes, every lease ends, and for {@code holdOff} no new
   * lease is granted, so that nothing is cached while a write of unknown outcome may still arrive
   * at the source.
   *
   * @param key the key to forget
   * @param holdOff for how long nothing may be filled, zero for not at all
   */
  record Forget(String key, Duration holdOff) implements Mutation {
    @Override
    public Condition condition() {
      return Condition.ALWAYS;
    }
  }
}
