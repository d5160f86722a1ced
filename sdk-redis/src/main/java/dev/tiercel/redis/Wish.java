package dev.tiercel.redis;

import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.ReadRequest;

/**
 * What a copy must be, at least, not to count as missing: never over; and for a reader that wants a
 * lease as fresh as its request says, and loaded after the last barrier of the whole keyspace.
 *
 * @param now when the reader reads, wall-clock milliseconds
 * @param version the smallest version
 * @param created the earliest time at which the source of record held it
 * @param barrier the smallest barrier
 */
record Wish(long now, long version, long created, long barrier) {

  /**
   * What a request wishes.
   *
   * @param news barriers that the reader did not know
   * @param now the reader's wall clock
   */
  static Wish of(ReadRequest request, Barriers news, long now) {
    if (request.lease().isZero()) {
      return new Wish(now, 0, Long.MIN_VALUE, Long.MIN_VALUE);
    }
    var freshness = request.freshness();
    // Only the source's own answer is consistent, however young a copy may be.
    var created = freshness.consistent()
        ? Long.MAX_VALUE
        : Math.max(0, now - Durations.millis(freshness.maxAge()));
    var barrier = Math.max(request.barriers().of(Barriers.ALL), news.of(Barriers.ALL));
    return new Wish(now, freshness.atLeast(), created, barrier);
  }

  boolean isMetBy(EncodedEntry entry) {
    return !entry.isExpiredAt(now)
        && entry.version() >= version
        && entry.createdAtMillis() >= created
        && entry.barrier() >= barrier;
  }
}
