package dev.tiercel.testing.check;

import java.util.Objects;

/**
 * A time in which something was broken on purpose.
 *
 * @param startNanos when it began, as {@link System#nanoTime()}
 * @param endNanos when it was whole again, at or after {@code startNanos}
 * @param what what was broken, for the report
 * @param target what kind of thing was broken
 * @param process the number of the process that it belongs to; {@link #ALL} if to all
 */
public record FaultWindow(long startNanos, long endNanos, String what, Target target, int process) {

  /** In place of the number of a process. */
  public static final int ALL = -1;

  /** What can be broken. */
  public enum Target {
    /** How a process hears of changes. What it serves meanwhile is not fresh; nothing fails. */
    FEED,
    /** A process's way to the shared cache. Nobody may hear of what it writes meanwhile. */
    DATA,
    /** A process's way to the source of record. */
    SOURCE,
    /** The shared cache itself. */
    CACHE,
    /** What the shared cache held: it is there, and empty. */
    CONTENTS,
    /** A process: it stood still. What it was about to tell the others comes late. */
    PROCESS
  }

  /** Checks the order of the times. */
  public FaultWindow {
    if (endNanos < startNanos) {
      throw new IllegalArgumentException(
          "endNanos: " + endNanos + " (expected: " + startNanos + " or later)");
    }
    if (process < ALL) {
      throw new IllegalArgumentException("process: " + process + " (expected: -1 or more)");
    }
    Objects.requireNonNull(target, "target");
  }

  /** One that befalls everybody: the shared cache was broken. */
  public FaultWindow(long startNanos, long endNanos, String what) {
    this(startNanos, endNanos, what, Target.CACHE, ALL);
  }

  /** Whether what was broken is a process's, or everybody's. */
  public boolean concerns(int number) {
    return process == ALL || process == number;
  }

  /**
   * Whether it can keep other processes too from hearing of a write that was acknowledged. A feed
   * brings news to its own process alone. And the others are told of a write by way of the cache
   * only after the source has acknowledged it, so that a broken source keeps no news back.
   */
  boolean reachesOthers() {
    return process == ALL || (target != Target.FEED && target != Target.SOURCE);
  }

  /** Whether it was broken at any time between two moments, both included. */
  boolean overlaps(long fromNanos, long toNanos) {
    return startNanos <= toNanos && endNanos >= fromNanos;
  }
}
