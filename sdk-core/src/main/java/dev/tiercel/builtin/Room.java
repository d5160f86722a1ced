package dev.tiercel.builtin;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes a store may hold, and how many it does. Lock-free and thread-safe. */
final class Room {

  private final long maxBytes;
  private final AtomicLong taken = new AtomicLong();

  Room(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Takes so many bytes more, or gives some back if negative; false, and nothing is taken, if they
   * are not there.
   */
  boolean take(long bytes) {
    while (true) {
      var before = taken.get();
      if (bytes > 0 && bytes > maxBytes - before) {
        return false;
      }
      if (taken.compareAndSet(before, before + bytes)) {
        return true;
      }
    }
  }

  @Override
  public String toString() {
    return "bytes: " + taken.get() + " (expected: room for the entry within " + maxBytes + ")";
  }
}
