package dev.tiercel.samples.check;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * When writes were acknowledged. Keys are numbered from 0, and so are the values of each, in the
 * order of their only writer. Thread-safe.
 */
final class Acknowledged {

  private static final long[] NOTHING = {};

  private final AtomicReferenceArray<long[]> byKey;

  Acknowledged(int keys) {
    byKey = new AtomicReferenceArray<>(keys);
    for (var key = 0; key < keys; key++) {
      byKey.set(key, NOTHING);
    }
  }

  /** The next value of a key was acknowledged by this instant. */
  void add(int key, long nanos) {
    var before = byKey.get(key);
    var after = Arrays.copyOf(before, before.length + 1);
    after[before.length] = nanos;
    byKey.set(key, after);
  }

  /** How many values of a key there are. */
  int count(int key) {
    return byKey.get(key).length;
  }

  /**
   * For how long, at an instant, a value had been replaced by the one after it; 0 if it was the
   * latest that was acknowledged.
   */
  long behindNanos(int key, int number, long nanos) {
    var times = byKey.get(key);
    return number + 1 < times.length ? Math.max(0, nanos - times[number + 1]) : 0;
  }
}
