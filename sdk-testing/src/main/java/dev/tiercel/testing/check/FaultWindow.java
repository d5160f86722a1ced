package dev.tiercel.testing.check;

/**
 * A time in which something was broken on purpose.
 *
 * @param startNanos when it began, as {@link System#nanoTime()}
 * @param endNanos when it was whole again, at or after {@code startNanos}
 * @param what what was broken, for the report
 */
public record FaultWindow(long startNanos, long endNanos, String what) {

  /** Checks the order of the times. */
  public FaultWindow {
    if (endNanos < startNanos) {
      throw new IllegalArgumentException(
          "endNanos: " + endNanos + " (expected: " + startNanos + " or later)");
    }
  }

  /** Whether it was broken at any time between two moments, both included. */
  boolean overlaps(long fromNanos, long toNanos) {
    return startNanos <= toNanos && endNanos >= fromNanos;
  }
}
