package dev.tiercel.hedge;

/** What a backend's replicas are read for. Consistent reads never go to them. */
public enum ReplicaReads {
  /** Every read goes to the main endpoint; replicas are asked when it is slow or fails. */
  HEDGE,
  /**
   * Reads go round over all endpoints. What a replica cannot answer for certain is asked of the
   * main endpoint at once, so a key that is missing costs one round more.
   */
  SPREAD
}
