/**
 * Redis as a backend, through Lettuce: one {@link dev.tiercel.redis.RedisBackend} for one
 * standalone Redis.
 */
@NullMarked
package dev.tiercel.redis;

import org.jspecify.annotations.NullMarked;
