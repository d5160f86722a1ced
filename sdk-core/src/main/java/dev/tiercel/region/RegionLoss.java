package dev.tiercel.region;

/** What the loss of a region means for a keyspace's reads. */
public enum RegionLoss {
  /** They fail, typed: no other region is asked. */
  FAIL,
  /**
   * No other region is asked; what this process holds is served although its time is over, for as
   * long as the keyspace's {@code maxStaleness} allows, labelled.
   */
  STALE_LOCAL,
  /** Another region's tiers are asked. */
  REMOTE
}
