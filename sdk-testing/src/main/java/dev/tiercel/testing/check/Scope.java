package dev.tiercel.testing.check;

/** What an invalidation reaches. */
public sealed interface Scope {

  /** Every key of the keyspace. */
  record All() implements Scope {}

  /**
   * The keys of a group.
   *
   * @param name the group's name
   */
  record Group(String name) implements Scope {}

  /**
   * One key. Other processes may keep a copy of the version that is still the latest, so this binds
   * the process that asked for it only.
   *
   * @param key the key
   */
  record Key(String key) implements Scope {}
}
