package dev.tiercel.testing.region;

/**
 * A write by somebody else than the replicator, with its place in the order of all writes of the
 * item, which decides who wins.
 *
 * @param key which item
 * @param image what it made of it
 * @param origin the number of the region where it was made
 * @param at its place in time: an estimate of when, corrected by what is known of its order
 * @param sinceNanos it was made not before this
 * @param untilNanos it was made not after this
 * @param seenNanos when the replicator heard of it: its lag counts from here
 */
record Commit(
    ItemKey key,
    Image image,
    int origin,
    long at,
    long sinceNanos,
    long untilNanos,
    long seenNanos) {

  /** Earlier than every write, and than what was found before the replication began. */
  private static final long UNKNOWN = Long.MIN_VALUE;

  private static final long FOUND = Long.MIN_VALUE / 2;

  /** Content of which nobody knows whose it is: every write beats it. */
  static Commit unknown(ItemKey key, Image image) {
    return new Commit(key, image, -1, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);
  }

  /** An item that was in a region before the replication began: every later write beats it. */
  static Commit found(ItemKey key, Image image, int origin, long nowNanos) {
    return new Commit(key, image, origin, FOUND, FOUND, FOUND, nowNanos);
  }

  /** Whether it wins against another of the same item. */
  boolean beats(Commit other) {
    return at != other.at ? at > other.at : origin > other.origin;
  }
}
