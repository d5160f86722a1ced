package dev.tiercel;

import dev.tiercel.backend.Feed;
import dev.tiercel.tier.TieredBackend;
import java.util.Optional;

/**
 * One region's tiers, as a keyspace stands on them.
 *
 * @param region the region's name; empty if the keyspace has only one and it has no name
 * @param tiers its remote tier and its source
 * @param feed what tells of changes in its remote tier
 */
record Stack(String region, TieredBackend tiers, Optional<Feed> feed) {}
