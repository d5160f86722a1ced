package dev.tiercel.region;

import dev.tiercel.health.BatchSize;
import java.util.stream.Stream;

/**
 * How long calls take in a region, each size of them apart: a batch after single keys is not a slow
 * region.
 *
 * <p>Recording and asking is lock-free and thread-safe; everything else is done by one thread at a
 * time.
 */
final class Paces {

  /** Slow windows in a row that are more than a hiccup. */
  private static final int IN_A_ROW = 2;

  /** A slow region is well again only when it is well below what made it slow. */
  private static final double AGAIN = 0.5;

  /** What an ended window says. */
  enum Judgement {
    /** All is as usual. */
    WELL,
    /** It was slow, but that may have been a hiccup. */
    SLOW,
    /** It was slow again. */
    STILL_SLOW
  }

  private final double slowness;
  private final Pace[] classes;
  private final int[] slow = new int[BatchSize.CLASSES];

  Paces(double slowness, long nowNanos) {
    this.slowness = slowness;
    this.classes =
        Stream.generate(() -> new Pace(nowNanos)).limit(BatchSize.CLASSES).toArray(Pace[]::new);
  }

  void answered(int keys, long tookNanos) {
    classes[BatchSize.classOf(keys)].answered(tookNanos);
  }

  /** Whether the window of a size can be ended. */
  boolean isOver(int keys, long nowNanos) {
    return classes[BatchSize.classOf(keys)].isOver(nowNanos);
  }

  /**
   * Ends the window of a size.
   *
   * @param wasSlow whether the region is known to be slow
   */
  Judgement endWindow(int keys, boolean wasSlow, long nowNanos) {
    var size = BatchSize.classOf(keys);
    var times = wasSlow ? Math.max(1, AGAIN * slowness) : slowness;
    if (!classes[size].endWindow(times, nowNanos)) {
      slow[size] = 0;
      return Judgement.WELL;
    }
    slow[size]++;
    return slow[size] < IN_A_ROW ? Judgement.SLOW : Judgement.STILL_SLOW;
  }

  /** Begins all windows anew. */
  void forgetWindows(long nowNanos) {
    for (var size = 0; size < classes.length; size++) {
      var unused = classes[size].beginWindow(nowNanos);
      slow[size] = 0;
    }
  }

  /** What the smallest calls there are take at present, 0 if that is not known. */
  long presentNanos() {
    for (var each : classes) {
      var present = each.presentNanos();
      if (present > 0) {
        return present;
      }
    }
    return 0;
  }

  /** What the slowest size usually takes, 0 if nothing is known. */
  long mostUsualNanos() {
    var most = 0L;
    for (var each : classes) {
      most = Math.max(most, each.usualNanos());
    }
    return most;
  }
}
