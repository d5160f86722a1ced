package dev.tiercel.testing.chaos;

import java.time.Duration;

/**
 * What is wrong with a connection for as long as the fault is injected.
 *
 * <p>Of several faults at once delays add up, and the slowest rate holds. What has been cut stays
 * cut when the fault is healed; everything else goes on.
 */
public sealed interface Fault {

  /**
   * Bytes arrive later, in their order, and so does the end of the connection.
   *
   * @param direction which bytes
   * @param delay how much later, zero or more
   */
  record Delay(Direction direction, Duration delay) implements Fault {

    /** Checks the bound. */
    public Delay {
      if (delay.isNegative()) {
        throw new IllegalArgumentException("delay: " + delay + " (expected: zero or more)");
      }
    }
  }

  /**
   * Nothing arrives, not even the end of the connection; the sender notices nothing until its
   * window is full. Delivered when healed.
   *
   * @param direction which bytes
   */
  record BlackHole(Direction direction) implements Fault {}

  /**
   * The proxy reads slowly, so that the sender's buffers fill.
   *
   * @param direction which bytes
   * @param bytesPerSecond how many in a second, 1 to 2^31
   */
  record Slow(Direction direction, long bytesPerSecond) implements Fault {

    private static final long FASTEST = 1L << 31;

    /** Checks the bounds. */
    public Slow {
      if (bytesPerSecond < 1 || bytesPerSecond > FASTEST) {
        throw new IllegalArgumentException(
            "bytesPerSecond: " + bytesPerSecond + " (expected: 1 to " + FASTEST + ")");
      }
    }
  }

  /** Both ends are told that the connection was reset; what was on its way is lost. */
  record Reset() implements Fault {}

  /**
   * The stream ends in good order, as if the other side had closed it, but short of what was on its
   * way; later bytes are read and thrown away.
   *
   * @param direction which stream
   */
  record Finish(Direction direction) implements Fault {}

  /**
   * One end still sees an open connection whose other end is gone: what it sends is thrown away,
   * and nothing ever comes. The other end was reset. Once healed the end that was open is reset
   * too, as by a peer that hears of a connection it does not know.
   *
   * @param open the end that still sees it open
   */
  record HalfOpen(Side open) implements Fault {}
}
