package dev.tiercel.samples.benchmarks.load;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/**
 * Makes calls on a schedule that waits for no answer. Each call is told when it should have been
 * made: measured from then, an answer's latency holds also what a slow server, or a slow generator,
 * made later calls wait. (A generator that waits for answers sends least when the server is worst,
 * and so leaves out what users feel: coordinated omission.)
 */
final class OpenLoop {

  private static final double NANOS_PER_SECOND = 1e9;

  private final double perSecond;

  /**
   * A loop.
   *
   * @param perSecond so many calls a second, evenly spread, more than 0
   */
  OpenLoop(double perSecond) {
    this.perSecond = perSecond;
  }

  /**
   * Makes the calls from the thread that asks, which sleeps between them, and returns when the last
   * one has been sent.
   *
   * @param length for how long
   * @param call is given the {@link System#nanoTime} at which it should be made; must not block
   */
  void run(Duration length, LongConsumer call) {
    var begin = System.nanoTime();
    var calls = Math.round(perSecond * length.toNanos() / NANOS_PER_SECOND);
    for (var number = 0L; number < calls; number++) {
      var due = begin + Math.round(number * NANOS_PER_SECOND / perSecond);
      sleepUntil(due);
      call.accept(due);
    }
  }

  /** Sleeps until an instant has come; not at all if it has passed. */
  static void sleepUntil(long nanos) {
    for (var left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(Math.min(left, TimeUnit.SECONDS.toNanos(1)));
    }
  }
}
