package dev.tiercel.testing.check;

/** What must hold of a history. The guarantees (G…) are those of the project. */
public enum Rule {
  /**
   * A read answers with the latest version that its own process had acknowledged before it began,
   * or a later one; with {@code atLeast}, that version or a later one (G2).
   */
  READ_YOUR_WRITES,
  /**
   * A read answers with the latest version that an earlier read of its process had answered with,
   * or a later one (G3).
   */
  MONOTONIC,
  /**
   * An answer's age is the truth: no later version was known to be written longer ago than that.
   * Otherwise an old value was stamped as new (G4, G5).
   */
  HONEST_LABEL,
  /**
   * No answer is older than the keyspace's bound, or than the read's own, whatever its label says;
   * a consistent read answers with what was known before it began, or later (G5).
   */
  BOUNDED_STALENESS,
  /**
   * While nothing is broken, an answer that calls itself fresh is no older than any write
   * acknowledged longer ago than the time of convergence (G4).
   */
  CONVERGENCE,
  /**
   * No copy from before an invalidation is served as fresh after it: at once in the process that
   * asked for it, after the time of convergence in the others. In the process that asked for it no
   * copy from before the invalidation of a group, or of everything, is served with any label (G4).
   */
  BARRIER,
  /**
   * Every value was written, by a write that was not refused and had begun, to that key and under
   * that version.
   */
  TRUTH,
  /** A version of a key has one value. */
  ONE_VALUE,
  /** When all is whole again, the source has every acknowledged write or a later one (G1). */
  LOST_WRITE,
  /** Calls fail with {@link dev.tiercel.error.ServingException} and nothing else. */
  TYPED_ERRORS
}
