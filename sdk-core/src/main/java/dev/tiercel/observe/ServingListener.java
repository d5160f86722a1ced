package dev.tiercel.observe;

import dev.tiercel.backend.Tier;
import dev.tiercel.error.ServingException;

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
   * The same listener with everything it throws logged instead.
   *
   * @param listener the listener to protect the SDK from
   */
  static ServingListener safe(ServingListener listener) {
    return listener == NONE ? NONE : new SafeListener(listener);
  }
}
