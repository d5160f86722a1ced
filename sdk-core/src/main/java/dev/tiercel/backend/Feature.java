package dev.tiercel.backend;

/** What a backend may be able to do beyond reading bytes. */
public enum Feature {
  /** Puts and deletes. */
  WRITE,
  /** Keeps versions and answers with them. */
  VERSIONS,
  /**
   * Keeps an entry's codec, compression and times beside its bytes; without it only plain bytes are
   * kept.
   */
  METADATA,
  /**
   * Keeps an entry's expiry, perhaps rounded up to a second, and does not answer with what has
   * expired.
   */
  EXPIRY,
  /**
   * Reads that see every acknowledged write, see {@link Freshness#consistent()}. All its reads may
   * be such.
   */
  CONSISTENT_READS,
  /** Writes under {@link Condition.IfAbsent}. */
  IF_ABSENT,
  /** Writes under {@link Condition.IfVersion}. */
  IF_VERSION,
  /** Writes under {@link Condition.IfNewer}. */
  IF_NEWER,
  /**
   * Hands out leases on a miss, and takes {@link Mutation.Fill}, {@link Mutation.Renew},
   * {@link Mutation.Release} and {@link Mutation.Forget}: it can be a cache tier.
   */
  LEASES,
  /** Keeps {@link Barriers} and takes {@link Mutation.Barrier}. */
  GROUPS,
  /**
   * Keeps marks: takes {@link Mutation.Mark}, and its misses tell of the mark in force, see
   * {@link ReadOutcome.Absent#mark()}.
   */
  MARKS,
  /**
   * A second read of the same keys, sent while the first is on its way, goes its own way there
   * (another connection, another server), so that it may be answered sooner: worth hedging.
   */
  HEDGED_READS
}
