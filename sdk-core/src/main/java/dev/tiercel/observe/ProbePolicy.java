package dev.tiercel.observe;

import java.time.Duration;

/**
 * How many of the answers of the caches are compared with the source of record, afterwards and in
 * the background: see {@link ProbeResult} for what comes of it.
 *
 * <p>A comparison costs a consistent read of the source; one that versions do not decide costs a
 * second such read, and a read of the remote tier. The bounds hold per keyspace and process; an
 * answer past one of them is not compared.
 *
 * @param share the share of answers to compare, 0 to 1; 0 for none
 * @param delay how long after the answer the source is asked, zero or more
 * @param maxWaiting the most answers that wait to be compared or are being compared, at least 1;
 *     each keeps its key and value in memory
 * @param perSecond the most answers taken in a second, 1 to 1,000,000; they are spread evenly, so
 *     that of a burst one is taken
 */
public record ProbePolicy(double share, Duration delay, int maxWaiting, int perSecond) {

  private static final int MOST_PER_SECOND = 1_000_000;

  /** Checks the bounds. */
  public ProbePolicy {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share: " + share + " (expected: 0 to 1)");
    }
    if (delay.isNegative()) {
      throw new IllegalArgumentException("delay: " + delay + " (expected: zero or more)");
    }
    if (maxWaiting < 1) {
      throw new IllegalArgumentException("maxWaiting: " + maxWaiting + " (expected: at least 1)");
    }
    if (perSecond < 1 || perSecond > MOST_PER_SECOND) {
      throw new IllegalArgumentException(
          "perSecond: " + perSecond + " (expected: 1 to " + MOST_PER_SECOND + ")");
    }
  }

  /** Compares nothing. */
  public static ProbePolicy off() {
    return defaults().share(0);
  }

  /** One answer in 10,000, one second later; at most 100 waiting and 10 a second. */
  public static ProbePolicy defaults() {
    return new ProbePolicy(0.0001, Duration.ofSeconds(1), 100, 10);
  }

  /** The same policy with another share. */
  public ProbePolicy share(double other) {
    return new ProbePolicy(other, delay, maxWaiting, perSecond);
  }

  /** The same policy with another delay. */
  public ProbePolicy delay(Duration other) {
    return new ProbePolicy(share, other, maxWaiting, perSecond);
  }

  /** The same policy with another bound on answers that wait. */
  public ProbePolicy maxWaiting(int other) {
    return new ProbePolicy(share, delay, other, perSecond);
  }

  /** The same policy with another rate. */
  public ProbePolicy perSecond(int other) {
    return new ProbePolicy(share, delay, maxWaiting, other);
  }
}
