package dev.tiercel.backend;

/**
 * A fence handed out by a cache to one loader of a missing key. A {@link Mutation.Fill} is stored
 * only while its lease holds; every write, delete or {@link Mutation.Forget} of the key ends it.
 *
 * @param token the holder's secret, never 0 when granted; 0 when no lease was granted
 * @param remainingMillis how long it holds at most; when not granted, how long at most somebody
 *     else's does
 */
public record Lease(long token, long remainingMillis) {

  /** None was asked for, the backend cannot give any, or the key is held off: nobody gets one. */
  public static final Lease NONE = new Lease(0, 0);

  /** Somebody else holds it. */
  public static Lease heldElsewhere(long remainingMillis) {
    return new Lease(0, remainingMillis);
  }

  /** Whether this reader holds the lease and may fill. */
  public boolean granted() {
    return token != 0;
  }
}
