package dev.tiercel.region;

import dev.tiercel.health.RegionState;

/** How one region is doing for one keyspace, as far as its own answers tell. Thread-safe. */
interface RegionHealth {

  /** What became of a call to a region. */
  enum Verdict {
    /** It answered, whatever it said. */
    ANSWERED,
    /** It failed, or was late: at least half of the keys say so. */
    FAILED,
    /**
     * It says nothing of the region: it was refused before it was sent, pushed back or given up.
     */
    IGNORED
  }

  /** A call goes out. */
  void began(long nowNanos);

  /**
   * A call that went out has ended.
   *
   * @param tookNanos how long it took
   */
  void ended(Verdict verdict, long tookNanos, long nowNanos);

  /**
   * The same, saying how large the call was, so that batches are compared with batches.
   *
   * @param keys how many keys it asked for
   */
  default void ended(Verdict verdict, int keys, long tookNanos, long nowNanos) {
    ended(verdict, tookNanos, nowNanos);
  }

  /** Another region, asked later, answered sooner. */
  void beaten(long nowNanos);

  /**
   * Whether a copy of a read is to be sent there now, as a probe: true once per interval, unless it
   * is asked anyhow. One that is never answered holds the next ones up for a while.
   */
  boolean takesProbe(long nowNanos);

  /** Its state. */
  RegionState state(long nowNanos);

  /** The share of the keys that may be read there first, 0 to 1. */
  double share(long nowNanos);

  /** How long a call takes there now, typically; 0 if that is not known. */
  long typicalNanos();

  /** Whether a call is expected to take longer here than there; false if that is not known. */
  default boolean isSlowerThan(RegionHealth other) {
    var there = other.typicalNanos();
    return there > 0 && typicalNanos() > there;
  }

  /** Whether its endpoints may be sent what is not strictly needed. */
  boolean takesMore();

  /** Takes it out of use. */
  void drain();

  /** Puts it back into use, by way of its ramp. */
  void undrain();
}
