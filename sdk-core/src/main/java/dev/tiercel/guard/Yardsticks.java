package dev.tiercel.guard;

import dev.tiercel.health.BatchSize;
import java.util.stream.Stream;

/**
 * What answers take now and without load, for each class of calls apart: reads and writes, of four
 * sizes. A batch after single keys is not congestion, nor a write after reads.
 *
 * <p>Asking and recording is lock-free; everything else is done by one thread at a time.
 */
final class Yardsticks {

  /** How long a slow window is held against the endpoint if no other follows. */
  private static final long SLOW_NANOS = 2_000_000_000;

  private final Baseline[] classes =
      Stream.generate(Baseline::new).limit(2 * BatchSize.CLASSES).toArray(Baseline[]::new);
  private volatile long slowUntil;

  Yardsticks(long nowNanos) {
    slowUntil = nowNanos;
  }

  Baseline of(int keys, boolean write) {
    return classes[first(write) + BatchSize.classOf(keys)];
  }

  private static int first(boolean write) {
    return write ? BatchSize.CLASSES : 0;
  }

  /**
   * What such a call takes without load: if that is not known, what the next smaller one of its
   * kind takes, or the next larger, or one of the other kind.
   *
   * @return in nanoseconds, 0 if nothing is known at all
   */
  long typicalNanos(int keys, boolean write) {
    var own = of(keys, write).nanos();
    if (own > 0) {
      return own;
    }
    var same = nearest(first(write), BatchSize.classOf(keys));
    return same > 0 ? same : nearest(first(!write), BatchSize.classOf(keys));
  }

  private long nearest(int first, int size) {
    for (var index = size; index >= 0; index--) {
      if (classes[first + index].nanos() > 0) {
        return classes[first + index].nanos();
      }
    }
    for (var index = size + 1; index < BatchSize.CLASSES; index++) {
      if (classes[first + index].nanos() > 0) {
        return classes[first + index].nanos();
      }
    }
    return 0;
  }

  /** Whether a class has enough answers to be judged. */
  boolean isFull() {
    for (var each : classes) {
      if (each.count() >= Baseline.ENOUGH) {
        return true;
      }
    }
    return false;
  }

  /** How many answers the window has. */
  int answered() {
    var sum = 0;
    for (var each : classes) {
      sum += each.count();
    }
    return sum;
  }

  /**
   * Ends the window of each class that has enough answers.
   *
   * @return how many times as long as without load the slowest class took, 0 if none can say
   */
  double endWindow(long nowNanos) {
    var most = 0.0;
    var until = nowNanos;
    for (var each : classes) {
      most = Math.max(most, each.endWindow(nowNanos + SLOW_NANOS));
      if (each.isSlow() && each.slowUntil() - until > 0) {
        until = each.slowUntil();
      }
    }
    slowUntil = until;
    return most;
  }

  /**
   * Whether the last window of a class took so long that the endpoint has no time for what is not
   * strictly needed. Not for ever: who sends nothing would never hear that it is well again.
   */
  boolean isSlow(long nowNanos) {
    return slowUntil - nowNanos > 0;
  }

  /** Forgets the windows. */
  void clear() {
    for (var each : classes) {
      var unused = each.takeMedian();
    }
  }

  /**
   * Ends a window without load.
   *
   * @param sinceNanos when it was doubted what is known
   * @param memoryNanos in which time it may grow to no more than twice as much
   * @return whether something took longer than could be learned now
   */
  boolean measured(long sinceNanos, long memoryNanos) {
    var more = false;
    for (var each : classes) {
      more |= each.measured(sinceNanos, memoryNanos);
    }
    return more;
  }

  /** How many times as long even the best window took since this was asked for last. */
  double takeDrift() {
    var most = 0.0;
    for (var each : classes) {
      most = Math.max(most, each.takeDrift());
    }
    return most;
  }
}
