package dev.tiercel.testing.region;

import org.jspecify.annotations.Nullable;

/**
 * A write of the replicator's own that the target's stream has not told of yet. Used by the
 * replicator's thread only.
 *
 * @param commit what was to be written
 * @param link where it came from
 * @param fate what is known
 * @param found what the target held instead, if it refused
 * @param endedNanos when that was known
 */
record Attempt(
    Commit commit, Link link, Fate fate, @Nullable Image found, long endedNanos) {

  /** What is known of a write. */
  enum Fate {
    /** The target has said that it did it. */
    APPLIED,
    /** The target held something else than it was to replace. */
    REFUSED,
    /** Nobody knows: its answer was lost. */
    UNKNOWN
  }

  /** Whether a change of the target is this write, seen in its stream. */
  boolean isEcho(Change change) {
    return fate != Fate.REFUSED && change.after().equals(commit.image());
  }
}
