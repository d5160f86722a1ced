/**
 * Runs several processes against a Redis and a DynamoDB Local under faults and checks what they
 * saw; counts how often a missing key is loaded, interrupts a feed, expires groups, and looks for
 * somebody who goes back while two regions lag, part and fail.
 */
@NullMarked
package dev.tiercel.samples.check;

import org.jspecify.annotations.NullMarked;
