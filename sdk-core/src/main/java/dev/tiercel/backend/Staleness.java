package dev.tiercel.backend;

/** Why an answer may be older than what the source of record holds now. */
public enum Staleness {
  /** No reason is known. */
  FRESH,
  /** It is past its soft time to live; a refresh is on its way. */
  SOFT_TTL,
  /** The feed was interrupted since it came in, and it has not been revalidated yet. */
  SUSPECT,
  /**
   * A newer version is known to exist elsewhere, which the region that answered has not received
   * yet.
   */
  BEHIND,
  /** Its time is over, and the source of record failed: stale if error. */
  ERROR
}
