package dev.tiercel.tier;

/**
 * How much work goes into keeping what is cached fresh, in the background.
 *
 * @param keysPerCall the most keys refreshed or revalidated together
 * @param callsAtOnce the most such calls on their way
 * @param maxWaiting the most keys that wait for their refresh; one more waits for its next reader
 * @param revalidationsPerSecond how many suspect entries are revalidated in a second, at most, once
 *     the feed is back
 */
public record RefreshPolicy(
    int keysPerCall, int callsAtOnce, int maxWaiting, int revalidationsPerSecond) {

  /** The most keys in one call. */
  private static final int MOST_KEYS = 1000;

  /** Checks the bounds. */
  public RefreshPolicy {
    require("keysPerCall", keysPerCall, MOST_KEYS);
    require("callsAtOnce", callsAtOnce, MOST_KEYS);
    require("maxWaiting", maxWaiting, Integer.MAX_VALUE);
    require("revalidationsPerSecond", revalidationsPerSecond, Integer.MAX_VALUE);
  }

  /** 100 keys a call, 2 calls at once, 10,000 keys waiting, 10,000 revalidations a second. */
  public static RefreshPolicy defaults() {
    return new RefreshPolicy(100, 2, 10_000, 10_000);
  }

  /** The same policy with other calls. */
  public RefreshPolicy calls(int keysEach, int atOnce) {
    return new RefreshPolicy(keysEach, atOnce, maxWaiting, revalidationsPerSecond);
  }

  /** The same policy with another bound on keys that wait. */
  public RefreshPolicy maxWaiting(int other) {
    return new RefreshPolicy(keysPerCall, callsAtOnce, other, revalidationsPerSecond);
  }

  /** The same policy with another rate of revalidations. */
  public RefreshPolicy revalidationsPerSecond(int other) {
    return new RefreshPolicy(keysPerCall, callsAtOnce, maxWaiting, other);
  }

  private static void require(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1 to " + most + ")");
    }
  }
}
