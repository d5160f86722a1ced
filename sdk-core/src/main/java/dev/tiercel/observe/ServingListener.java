package dev.tiercel.observe;

import dev.tiercel.backend.Tier;
import dev.tiercel.error.ServingException;
import dev.tiercel.health.Endpoint;
import dev.tiercel.health.EndpointState;
import dev.tiercel.health.RegionState;

/**
 * Hears of what happens inside keyspaces. Every method does nothing by default.
 *
 * <p>Called on the thread that does the work, often an I/O thread: implementations are thread-safe,
 * short and never block. What they throw is logged and otherwise ignored.
 */
public interface ServingListener {

  /** Hears nothing. */
  ServingListener NONE = new ServingListener() {};

  /**
   * A cache tier held bytes that could not be used. The read went on as a miss and the bytes are
   * being replaced.
   *
   * @param keyspace the keyspace's name
   * @param tier the tier that held them
   * @param reason why, from a small closed set
   */
  default void onUnreadable(String keyspace, Tier tier, String reason) {}

  /**
   * A cache tier failed for some keys; the call went on without it.
   *
   * @param keyspace the keyspace's name
   * @param tier the tier that failed
   * @param cause why
   */
  default void onTierFailure(String keyspace, Tier tier, ServingException cause) {}

  /**
   * A load was not stored because a write or an invalidation overtook it. Its readers got their
   * value all the same.
   *
   * @param keyspace the keyspace's name
   * @param tier the tier that refused
   */
  default void onFillRefused(String keyspace, Tier tier) {}

  /**
   * The source of record is being asked.
   *
   * @param keyspace the keyspace's name
   * @param keys how many keys in this one call
   */
  default void onSourceLoad(String keyspace, int keys) {}

  /**
   * An answer of a cache has been compared with the source of record; see {@link ProbePolicy}.
   *
   * @param result what came of it
   */
  default void onProbe(ProbeResult result) {}

  /**
   * An answer of a cache could not be compared with the source of record.
   *
   * @param keyspace the keyspace's name
   * @param cause why
   */
  default void onProbeFailure(String keyspace, ServingException cause) {}

  /**
   * An attempt at an endpoint has ended. Not called for attempts that were refused.
   *
   * @param endpoint which endpoint
   * @param attempt what became of it
   */
  default void onAttempt(Endpoint endpoint, Attempt attempt) {}

  /**
   * An attempt was not sent.
   *
   * @param endpoint where it would have gone
   * @param why why
   */
  default void onRefusal(Endpoint endpoint, Refusal why) {}

  /**
   * A call failed for some keys and is made again for them after a pause.
   *
   * @param endpoint the backend's main endpoint
   * @param keys how many keys
   * @param cause why it failed, for the first of them
   */
  default void onRetry(Endpoint endpoint, int keys, ServingException cause) {}

  /**
   * A read is slow, or has failed before it was, and is sent once more.
   *
   * @param slow the endpoint that has not answered, or has failed
   * @param asked the endpoint asked in addition, perhaps the same
   * @param keys how many keys
   */
  default void onHedge(Endpoint slow, Endpoint asked, int keys) {}

  /**
   * A hedge was the first with an answer.
   *
   * @param endpoint the endpoint that answered
   * @param keys for how many keys
   */
  default void onHedgeWon(Endpoint endpoint, int keys) {}

  /**
   * An endpoint is doing better or worse.
   *
   * @param endpoint which endpoint
   * @param from its state before
   * @param to its state now
   */
  default void onState(Endpoint endpoint, EndpointState from, EndpointState to) {}

  /**
   * A region is doing better or worse for a keyspace.
   *
   * @param keyspace the keyspace's name
   * @param region which region
   * @param from its state before
   * @param to its state now
   */
  default void onRegionState(String keyspace, String region, RegionState from, RegionState to) {}

  /**
   * A keyspace is read in another region first from now on, and follows that region's feed.
   *
   * @param keyspace the keyspace's name
   * @param from the region before
   * @param to the region now
   */
  default void onRegionSwitch(String keyspace, String from, String to) {}

  /**
   * Keys of a read are asked of another region in addition.
   *
   * @param keyspace the keyspace's name
   * @param from the region that was asked before
   * @param to the region asked now
   * @param keys how many keys
   * @param why why
   */
  default void onDetour(String keyspace, String from, String to, int keys, Detour why) {}

  /**
   * The same listener with everything it throws logged instead.
   *
   * @param listener the listener to protect the SDK from
   */
  static ServingListener safe(ServingListener listener) {
    return listener == NONE ? NONE : new SafeListener(listener);
  }
}
