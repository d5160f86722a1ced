/**
 * Runs several processes against a Redis and a DynamoDB Local under faults and checks what they
 * saw; counts how often a missing key is loaded, interrupts a feed, and expires groups.
 */
@NullMarked
package dev.tiercel.samples.check;

import org.jspecify.annotations.NullMarked;
