package dev.tiercel.tier;

import java.time.Duration;

/**
 * How entries age before their tier's own time to live, which is hard, ends them.
 *
 * @param soft how long after the source of record held it an entry is served without more ado;
 *     after that it is served while a refresh is on its way. Zero for no soft time to live
 * @param beta how eagerly entries are refreshed ahead of their soft time to live, so that not all
 *     do it at once: 0 for not at all, 1 for what is best when loads take as long as measured. By
 *     XFetch (Vattani, Chierichetti, Lowenstein: Optimal Probabilistic Cache Stampede Prevention,
 *     VLDB 2015), with chance asked once per copy rather than at every access
 * @param staleIfError how long after its hard time to live an entry may still be served, labelled,
 *     if the source fails; never past the keyspace's {@code maxStaleness}. Zero for not at all
 * @param negative how long it is remembered that the source knows nothing of a key; zero for not at
 *     all. A put through any client ends it at once
 * @param jitter by which part, 0 to 0.5, each copy's times to live are shortened at random, so that
 *     what came in together does not expire together; the soft one only if {@code beta} is not 0
 */
public record TtlPolicy(
    Duration soft, double beta, Duration staleIfError, Duration negative, double jitter) {

  private static final double MOST_JITTER = 0.5;

  /** Checks the bounds. */
  public TtlPolicy {
    requireNotNegative("soft", soft);
    requireNotNegative("staleIfError", staleIfError);
    requireNotNegative("negative", negative);
    if (!(beta >= 0 && beta <= 100)) {
      throw new IllegalArgumentException("beta: " + beta + " (expected: 0 to 100)");
    }
    if (!(jitter >= 0 && jitter <= MOST_JITTER)) {
      throw new IllegalArgumentException("jitter: " + jitter + " (expected: 0 to 0.5)");
    }
  }

  /**
   * No soft time to live, nothing stale if the source fails, absences remembered for a second, a
   * tenth of jitter.
   */
  public static TtlPolicy defaults() {
    return new TtlPolicy(Duration.ZERO, 1, Duration.ZERO, Duration.ofSeconds(1), 0.1);
  }

  /** The same policy with another soft time to live. */
  public TtlPolicy soft(Duration other) {
    return new TtlPolicy(other, beta, staleIfError, negative, jitter);
  }

  /** The same policy with another eagerness. */
  public TtlPolicy beta(double other) {
    return new TtlPolicy(soft, other, staleIfError, negative, jitter);
  }

  /** The same policy with another time for when the source fails. */
  public TtlPolicy staleIfError(Duration other) {
    return new TtlPolicy(soft, beta, other, negative, jitter);
  }

  /** The same policy with another time for absences. */
  public TtlPolicy negative(Duration other) {
    return new TtlPolicy(soft, beta, staleIfError, other, jitter);
  }

  /** The same policy with another jitter. */
  public TtlPolicy jitter(double other) {
    return new TtlPolicy(soft, beta, staleIfError, negative, other);
  }

  private static void requireNotNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: zero or more)");
    }
  }
}
