package dev.tiercel.testing.region;

/**
 * What a region's stream tells: an item became another, between two moments.
 *
 * @param key which item
 * @param before what it was
 * @param after what it became
 * @param sinceNanos not before this
 * @param untilNanos not after this
 */
record Change(ItemKey key, Image before, Image after, long sinceNanos, long untilNanos) {}
