package dev.tiercel.health;

/**
 * Whether somebody who is asked has fallen silent: a read of theirs is slow, and they have answered
 * nothing since. The reads that come meanwhile will be slow, too, and need not wait for that to
 * show before another is asked. A backend of many servers, or one that is merely busy, goes on
 * answering and is never silent.
 *
 * <p>Thread-safe.
 */
public final class Silence {

  private final long floorNanos;
  private volatile boolean silent;

  /**
   * It answers.
   *
   * @param floorNanos how long a read waits all the same
   */
  public Silence(long floorNanos) {
    this.floorNanos = floorNanos;
  }

  /** A read has not been answered in the usual time. */
  public void slow() {
    silent = true;
  }

  /** Something has been answered. */
  public void answered() {
    if (silent) {
      silent = false;
    }
  }

  /** How long a read waits before it is asked elsewhere, if it usually waits for so long. */
  public long delayNanos(long usual) {
    return silent ? Math.min(usual, floorNanos) : usual;
  }
}
