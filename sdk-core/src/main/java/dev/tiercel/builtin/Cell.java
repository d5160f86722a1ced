package dev.tiercel.builtin;

import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Freshness;
import dev.tiercel.backend.Mutation;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is held of a key in memory, and what each mutation makes of it. Immutable.
 *
 * @param entry the value or tombstone, perhaps over; null if there is none
 * @param token the lease's token, 0 for a hold-off, which nobody holds
 * @param leasedUntil until when the lease or hold-off holds, in wall-clock milliseconds; 0 for none
 * @param forgotten the version of an entry that was forgotten, so that an older write which comes
 *     late is still told from a newer one; 0 if there was none or something is there again
 * @param mark the version known to exist elsewhere, perhaps not in force any more; 0 if there is
 *     none or something as new is there
 * @param markedUntil until when the mark is in force, in wall-clock milliseconds; 0 for none
 */
record Cell(
    @Nullable EncodedEntry entry,
    long token,
    long leasedUntil,
    long forgotten,
    long mark,
    long markedUntil) {

  static final Cell EMPTY = new Cell(null, 0, 0, 0, 0, 0);

  private static final Duration FOREVER = Duration.ofDays(365_000);

  /** The entry, unless it is over. */
  @Nullable
  EncodedEntry alive(long now) {
    return entry == null || entry.isExpiredAt(now) ? null : entry;
  }

  /** The entry, if it is alive, as fresh as wanted, and was loaded after the barrier. */
  @Nullable
  EncodedEntry fresh(Freshness freshness, long barrier, long now) {
    var alive = alive(now);
    return alive != null
            && alive.version() >= freshness.atLeast()
            && alive.barrier() >= barrier
            && isWithin(freshness.maxAge(), alive, now)
        ? alive
        : null;
  }

  private static boolean isWithin(Duration maxAge, EncodedEntry entry, long now) {
    var age = Math.max(0, now - entry.createdAtMillis());
    return maxAge.compareTo(Duration.ofMillis(age)) >= 0;
  }

  boolean isLeasedAt(long now) {
    return leasedUntil > now;
  }

  /** The version of what is there, expired or not; 0 if nothing is. */
  long version() {
    return entry == null ? 0 : entry.version();
  }

  /** The version that a put must beat; 0 if nothing was ever there. */
  long newest() {
    return Math.max(version(), forgotten);
  }

  /** The mark in force, below which nothing is stored; 0 if there is none. */
  long markAt(long now) {
    return markedUntil > now ? mark : 0;
  }

  /** The version that stands in the way of a mutation which was refused; 0 if there is none. */
  long inTheWayOf(Mutation refused, long now) {
    if (refused instanceof Mutation.Put) {
      return Math.max(newest(), markAt(now));
    }
    return refused instanceof Mutation.Fill ? Math.max(version(), markAt(now)) : version();
  }

  /** When nothing of this cell matters any more. */
  long end() {
    var held = Math.max(leasedUntil, markedUntil);
    if (entry == null) {
      return held;
    }
    return entry.expiryMillis() == 0 ? Long.MAX_VALUE : Math.max(entry.expiryMillis(), held);
  }

  /** The same cell, leased. */
  Cell leased(long newToken, long now, Duration length) {
    return new Cell(entry, newToken, after(now, length), forgotten, mark, markedUntil);
  }

  private Cell holding(EncodedEntry stored, long heldOffUntil) {
    return new Cell(stored, 0, heldOffUntil, 0, 0, 0);
  }

  /** What a mutation makes of this cell, null if its condition does not hold. */
  @Nullable
  Cell applied(Mutation mutation, long now) {
    if (mutation instanceof Mutation.Put put) {
      return holds(put.condition(), put.entry(), now)
          ? holding(put.entry(), holdOffUntil(now))
          : null;
    }
    if (mutation instanceof Mutation.Fill fill) {
      return holdsLease(fill.condition(), now) && fill.entry().version() >= inTheWayOf(fill, now)
          ? holding(fill.entry(), 0)
          : null;
    }
    if (mutation instanceof Mutation.Renew renew) {
      return holdsLease(renew.condition(), now) ? leased(token, now, renew.lease()) : null;
    }
    if (mutation instanceof Mutation.Release release) {
      return holdsLease(release.condition(), now)
          ? new Cell(entry, 0, 0, forgotten, mark, markedUntil)
          : null;
    }
    if (mutation instanceof Mutation.Forget forget) {
      return alive(now) != null && version() >= forget.below() ? this : forgotten(forget, now);
    }
    if (mutation instanceof Mutation.Mark marking) {
      return alive(now) != null && version() >= marking.version() ? this : marked(marking, now);
    }
    throw new IllegalArgumentException("mutation: " + mutation + " (expected: one of a key)");
  }

  private Cell forgotten(Mutation.Forget forget, long now) {
    var holdOff = forget.holdOff();
    // A hold-off covers one write of unknown outcome; another reason to forget says nothing about
    // that write.
    var until =
        holdOff.isZero() ? holdOffUntil(now) : Math.max(holdOffUntil(now), after(now, holdOff));
    return new Cell(null, 0, until, newest(), mark, markedUntil);
  }

  /**
   * What goes counts as well: a version that was here exists. A mark in force that says as much
   * ended the leases of those who did not know it.
   */
  private Cell marked(Mutation.Mark marking, long now) {
    var until = Math.max(markAt(now) == 0 ? 0 : markedUntil, after(now, marking.retention()));
    if (markAt(now) >= marking.version()) {
      return new Cell(entry, token, leasedUntil, forgotten, mark, until);
    }
    var version = Math.max(marking.version(), newest());
    return new Cell(null, 0, holdOffUntil(now), newest(), version, until);
  }

  private boolean holdsLease(Condition.IfLease lease, long now) {
    return isLeasedAt(now) && token != 0 && token == lease.token();
  }

  private boolean holds(Condition condition, EncodedEntry next, long now) {
    if (next.version() < markAt(now)) {
      return false;
    }
    var alive = alive(now);
    var hasValue = alive != null && !alive.isTombstone();
    if (condition instanceof Condition.IfAbsent) {
      return !hasValue && isNewer(next, now);
    }
    if (condition instanceof Condition.IfVersion exact) {
      return hasValue && version() == exact.version();
    }
    return !(condition instanceof Condition.IfNewer) || isNewer(next, now);
  }

  /** A mark is there to be met, a copy to be beaten. */
  private boolean isNewer(EncodedEntry next, long now) {
    return isNegative()
        || (newest() == 0 && entry == null)
        || next.version() > newest()
        || (markAt(now) > 0 && next.version() >= markAt(now));
  }

  /**
   * Whether the key never had a value, as far as is known: any put beats that, versioned or not.
   */
  private boolean isNegative() {
    return entry != null && entry.isTombstone() && entry.version() == 0;
  }

  /** Until when a hold-off in force holds; 0 if there is none, or a lease that somebody holds. */
  private long holdOffUntil(long now) {
    return token == 0 && isLeasedAt(now) ? leasedUntil : 0;
  }

  private static long after(long now, Duration length) {
    return now + (length.compareTo(FOREVER) > 0 ? FOREVER : length).toMillis();
  }
}
