package dev.tiercel.backend;

/** What must hold in the store for a mutation to be applied. */
public sealed interface Condition {

  /** Nothing: the mutation is applied whatever the store holds. */
  record Always() implements Condition {}

  /**
   * The store holds no live value for the key, and what it may still hold of it (an expired value,
   * a tombstone) is older than the mutation. A writer refused with a stored version at or above its
   * own proposes a larger one and tries again; refused with a smaller one, it has met a live value.
   */
  record IfAbsent() implements Condition {}

  /**
   * The store holds a live value of exactly this version.
   *
   * @param version the version expected
   */
  record IfVersion(long version) implements Condition {
    /** Checks the bounds. */
    public IfVersion {
      if (version < 0) {
        throw new IllegalArgumentException("version: " + version + " (expected: 0 or more)");
      }
    }
  }

  /**
   * The mutation's version is larger than that of whatever the store holds, tombstones included.
   */
  record IfNewer() implements Condition {}

  /**
   * The lease still holds.
   *
   * @param token the lease's token
   */
  record IfLease(long token) implements Condition {}

  /** See {@link Always}. */
  Condition ALWAYS = new Always();

  /** See {@link IfAbsent}. */
  Condition IF_ABSENT = new IfAbsent();

  /** See {@link IfNewer}. */
  Condition IF_NEWER = new IfNewer();
}
