package dev.tiercel.tier;

/**
 * When what happens to a local entry, on the local monotonic clock in nanoseconds but for one.
 *
 * @param createdNanos when the source of record is known to have held it
 * @param createdAtMillis the same in wall-clock time, as its copy in the remote tier carries it
 * @param softNanos from when it is past its soft time to live
 * @param refreshNanos from when it shall be refreshed, at or before {@code softNanos}
 * @param expiresNanos until when it may be served
 * @param staleUntilNanos until when it may be served if the source fails, at or after
 *     {@code expiresNanos}
 * @param overAtMillis from when, in wall-clock time, its origin may know nothing of it any more
 *     although nobody removed it; 0 for never
 */
public record Times(
    long createdNanos,
    long createdAtMillis,
    long softNanos,
    long refreshNanos,
    long expiresNanos,
    long staleUntilNanos,
    long overAtMillis) {

  boolean isServableAt(long nanos) {
    return nanos - expiresNanos < 0;
  }

  /** Whether there is nothing to look into: it may be served, and need not be refreshed yet. */
  boolean isQuietAt(long nanos) {
    // A refresh is due at the soft time to live at the latest.
    return nanos - expiresNanos < 0 && nanos - refreshNanos < 0;
  }

  boolean isPastSoftAt(long nanos) {
    return nanos - softNanos >= 0;
  }

  boolean isDueAt(long nanos) {
    return nanos - refreshNanos >= 0;
  }

  /** The same, not to be served from now on unless the source fails. */
  Times expiredAt(long nanos) {
    return new Times(
        createdNanos,
        createdAtMillis,
        softNanos,
        refreshNanos,
        isServableAt(nanos) ? nanos : expiresNanos,
        staleUntilNanos,
        overAtMillis);
  }

  /** The same, not to be served from now on at all. */
  Times endedAt(long nanos) {
    return new Times(
        createdNanos, createdAtMillis, softNanos, refreshNanos, nanos, nanos, overAtMillis);
  }
}
