package dev.tiercel.health;

import java.util.Objects;

/**
 * How a region is doing for a keyspace at one instant.
 *
 * @param keyspace the keyspace's name
 * @param region the region's name
 * @param state its state
 * @param share the share of the keys that are read there first, 0 to 1
 * @param current whether it is the region whose feed this process follows
 * @param untold how many changes its cache has yet to be told of by this process
 */
public record RegionStatus(
    String keyspace, String region, RegionState state, double share, boolean current, int untold) {

  /** Requires all parts. */
  public RegionStatus {
    Objects.requireNonNull(keyspace, "keyspace");
    Objects.requireNonNull(region, "region");
    Objects.requireNonNull(state, "state");
  }
}
