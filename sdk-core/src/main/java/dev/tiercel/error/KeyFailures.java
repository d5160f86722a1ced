package dev.tiercel.error;

import org.jspecify.annotations.Nullable;

/**
 * Why the keys of a read could not be read: of each key the first failure, with the others
 * suppressed in it. Not thread-safe.
 */
public final class KeyFailures {

  private final @Nullable ServingException[] byPosition;

  // The keys of a batch mostly fail for the same reason, and stack traces are dear.
  private @Nullable ServingException lastFirst;
  private @Nullable ServingException lastOther;
  private @Nullable ServingException lastMerged;

  /**
   * Nothing has failed yet.
   *
   * @param keys how many keys the read has
   */
  public KeyFailures(int keys) {
    byPosition = new ServingException[keys];
  }

  /** Another attempt has failed for a key. */
  public void add(int position, ServingException failure) {
    var first = byPosition[position];
    byPosition[position] = first == null ? failure : merged(first, failure);
  }

  /** Why a key could not be read; null if nothing has failed for it. */
  public @Nullable ServingException of(int position) {
    return byPosition[position];
  }

  /** One failure with another suppressed in it. */
  public static ServingException with(ServingException first, ServingException other) {
    // KeyFailures are shared by all who waited for the same load: only a copy may be added to.
    var copy = first.at(first.where());
    for (var earlier : first.getSuppressed()) {
      copy.addSuppressed(earlier);
    }
    if (other != first) {
      copy.addSuppressed(other);
    }
    return copy;
  }

  private ServingException merged(ServingException first, ServingException other) {
    var known = lastMerged;
    if (known != null && first == lastFirst && other == lastOther) {
      return known;
    }
    var merged = with(first, other);
    lastFirst = first;
    lastOther = other;
    lastMerged = merged;
    return merged;
  }
}
