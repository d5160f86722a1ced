package dev.tiercel.coherence;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counters that tell a finished load whether its key was written or invalidated since the load
 * began: the load notes its key's fence before it asks anybody, every write raises it, and the fill
 * is stored only if it still stands.
 *
 * <p>Keys share a fixed number of counters. A raise for another key of the same counter costs a
 * fill, never a stale one.
 *
 * <p>Lock-free and thread-safe.
 */
public final class Fences {

  private static final int COUNTERS = 16_384;

  private final AtomicLongArray counters = new AtomicLongArray(COUNTERS);

  /** The fence of a key as it stands now. */
  public long current(Object key) {
    return counters.get(index(key));
  }

  /**
   * Raises the fence of a key: every load of it that began before is too late to be stored.
   *
   * @param key the key
   * @return the fence as it stood before
   */
  public long raise(Object key) {
    return counters.getAndIncrement(index(key));
  }

  /** Raises the fences of all keys: every load that began before is too late to be stored. */
  public void raiseAll() {
    for (var index = 0; index < COUNTERS; index++) {
      counters.getAndIncrement(index);
    }
  }

  private static int index(Object key) {
    // Spreads poor hash codes (sequential longs) over the counters: Fibonacci hashing, Knuth vol.
    // 3, 6.4.
    return (key.hashCode() * 0x9E3779B9) >>> 18;
  }
}
