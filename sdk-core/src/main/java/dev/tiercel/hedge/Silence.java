package dev.tiercel.hedge;

/**
 * Whether the main endpoint has fallen silent: a read of it is slow, and it has answered nothing
 * since. The reads that come meanwhile will be slow, too, and need not wait for that to show before
 * a replica is asked. A backend of many servers, or one that is merely busy, goes on answering and
 * is never silent.
 *
 * <p>Thread-safe.
 */
final class Silence {

  private final long floorNanos;
  private volatile boolean silent;

  /**
   * It answers.
   *
   * @param floorNanos how long a read waits all the same
   */
  Silence(long floorNanos) {
    this.floorNanos = floorNanos;
  }

  /** A read has not been answered in the usual time. */
  void slow() {
    silent = true;
  }

  /** Something has been answered. */
  void answered() {
    if (silent) {
      silent = false;
    }
  }

  /** How long a read waits before it is sent to a replica, if it usually waits for so long. */
  long delayNanos(long usual) {
    return silent ? Math.min(usual, floorNanos) : usual;
  }
}
