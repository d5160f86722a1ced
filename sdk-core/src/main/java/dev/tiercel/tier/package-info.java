/**
 * The tiers and how a read falls through them: the local tier, the in-flight table, the remote tier
 * over its source.
 */
@NullMarked
package dev.tiercel.tier;

import org.jspecify.annotations.NullMarked;
