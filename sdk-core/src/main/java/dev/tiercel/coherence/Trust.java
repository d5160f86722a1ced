package dev.tiercel.coherence;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether what this process holds can be believed as it is: one number that changes whenever
 * something happened that concerns every entry at once. An entry notes the number when it is
 * stored; as long as it is still the same, there is nothing to look into.
 *
 * <p>The upper half counts connections and interruptions of the feed and is even while the feed is
 * connected; the lower half counts changes of barriers.
 *
 * <p>Lock-free and thread-safe.
 */
public final class Trust {

  private static final long FEED = 1L << 32;
  private static final long GROUPS = FEED - 1;

  /** Never current, and of a time when the feed was not connected. */
  private static final long NONE = -1;

  private final AtomicLong current;

  /**
   * Starts.
   *
   * @param followsFeed whether there is a feed, which is not connected yet; without one nothing is
   *     ever interrupted
   */
  public Trust(boolean followsFeed) {
    current = new AtomicLong(followsFeed && Mechanism.SUSPECT.isOn() ? FEED : 0);
  }

  /** The number as it stands now. */
  public long current() {
    return current.get();
  }

  /**
   * What an entry that is stored from now on notes: the number as it stands, or, while the feed is
   * not connected, one that never stands, so that the entry is looked into whenever it is read.
   */
  public long noted() {
    var now = current.get();
    return isConnected(now) ? now : NONE;
  }

  /** Changes may be missed from now on. */
  public void interrupted() {
    if (Mechanism.SUSPECT.isOn()) {
      current.updateAndGet(value -> isConnected(value) ? value + FEED : value);
    }
  }

  /** Every change from now on will be told. */
  public void connected() {
    if (Mechanism.SUSPECT.isOn()) {
      current.updateAndGet(value -> value + (isConnected(value) ? 2 * FEED : FEED));
    }
  }

  /** A barrier was raised. */
  public void groupsChanged() {
    current.updateAndGet(value -> (value & ~GROUPS) | ((value + 1) & GROUPS));
  }

  /** Whether the feed was connected when the number was noted. */
  public static boolean isConnected(long noted) {
    return (noted & FEED) == 0;
  }

  /** Whether the feed has been connected without interruption between two numbers. */
  public static boolean isUninterrupted(long noted, long later) {
    return isConnected(noted) && noted >>> 32 == later >>> 32;
  }
}
