package dev.tiercel.samples.benchmarks.load;

import dev.tiercel.testing.chaos.ChaosProxy;
import dev.tiercel.testing.chaos.Direction;
import dev.tiercel.testing.chaos.Fault;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Lets each of several endpoints stall now and then: nothing of what it answers arrives for a
 * while, and then all of it. Time is cut into periods, each period into as many parts as there are
 * endpoints, and each endpoint stalls once in its part: never two together.
 */
final class Stalls implements Runnable {

  static final Duration STALL = Duration.ofMillis(50);

  /** One stall a period makes one in a hundred. */
  private static final int PERIOD_IN_STALLS = 100;

  private final List<ChaosProxy> endpoints;
  private final SplittableRandom random;
  private volatile boolean over;
  private long count;

  Stalls(List<ChaosProxy> endpoints, SplittableRandom random) {
    this.endpoints = endpoints;
    this.random = random;
  }

  @Override
  public void run() {
    var period = STALL.toNanos() * PERIOD_IN_STALLS;
    var part = period / endpoints.size();
    // The last stall ends before the next part begins, also if this thread wakes up a little late.
    var latest = part - 2 * STALL.toNanos();
    for (var begin = System.nanoTime(); !over; begin += period) {
      for (var number = 0; number < endpoints.size() && !over; number++) {
        OpenLoop.sleepUntil(begin + number * part + random.nextLong(latest));
        stall(endpoints.get(number));
      }
    }
  }

  private void stall(ChaosProxy endpoint) {
    try (var stalled = endpoint.inject(new Fault.BlackHole(Direction.TO_CLIENT))) {
      OpenLoop.sleepUntil(System.nanoTime() + STALL.toNanos());
      count++;
    }
  }

  /** Ends with the stall that is next, at the latest. */
  void stop() {
    over = true;
  }

  /** How many there were; to be asked when it has ended. */
  long count() {
    return count;
  }

  /** How long {@link #stop} may take. */
  static Duration patience() {
    return Duration.ofNanos(2 * PERIOD_IN_STALLS * STALL.toNanos() + TimeUnit.SECONDS.toNanos(1));
  }
}
