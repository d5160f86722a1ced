/**
 * A TCP proxy that breaks connections on purpose: delays, black holes, slow readers, resets, half
 * open connections, refusals.
 *
 * <pre>{@code
 * try (var proxy = ChaosProxy.before(redis.host(), redis.port())) {
 *   // ... a client connected to proxy.host() and proxy.port() ...
 *   try (var silence = proxy.inject(
 *       connection -> connection.opening().contains("TRACKING"),
 *       new Fault.BlackHole(Direction.TO_CLIENT))) {
 *     // ... the feed hears nothing, everything else goes on ...
 *   }
 *   proxy.inject(new Fault.Reset()).heal(); // every connection that is open now
 * }
 * }</pre>
 */
@NullMarked
package dev.tiercel.testing.chaos;

import org.jspecify.annotations.NullMarked;
