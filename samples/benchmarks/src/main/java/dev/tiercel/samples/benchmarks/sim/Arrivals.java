package dev.tiercel.samples.benchmarks.sim;

import java.util.SplittableRandom;

/** Calls that come when they like: an open loop. */
final class Arrivals {

  private static final double NANOS_PER_SECOND = 1e9;

  private Arrivals() {}

  /** Nanoseconds until the next of a Poisson process. */
  static long pause(SplittableRandom random, double perSecond) {
    return Math.round(-Math.log(1 - random.nextDouble()) * NANOS_PER_SECOND / perSecond);
  }
}
