package dev.tiercel.time;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Timers that are set by many threads, mostly to be cancelled before their time, and run by one
 * which sleeps until the first is due.
 *
 * <p>The sleeper is woken only for a timer that is due before it would look by itself; it is not
 * told of cancelled ones, and finds at most once that there is nothing to do. So calls that set and
 * cancel a timer each share one wake for each such delay.
 *
 * <p>Threads are spread over several wheels, to keep out of each other's way. Times are nanoseconds
 * since an origin of the caller's, zero or more. Thread-safe.
 */
final class Timers {

  private static final long AWAKE = Long.MIN_VALUE;
  private static final Comparator<Alarm> BY_TIME =
      (one, other) -> Long.compare(one.atNanos(), other.atNanos());

  private final TimerWheel[] wheels;
  private final Runnable wake;

  /** Until when the sleeper sleeps if nobody wakes it. */
  private final AtomicLong asleepUntil = new AtomicLong(TimerWheel.NEVER);

  /**
   * Timers whose sleeper is asleep.
   *
   * @param wheels how many, a power of two
   * @param wake wakes the sleeper, or lets its next sleep end at once
   */
  Timers(int wheels, Runnable wake) {
    this.wheels = Stream.generate(TimerWheel::new).limit(wheels).toArray(TimerWheel[]::new);
    this.wake = wake;
  }

  /** Sets a timer. */
  Time.Timer set(long atNanos, Runnable task) {
    var wheel = wheels[Thread.currentThread().hashCode() & (wheels.length - 1)];
    var alarm = new Alarm(wheel, atNanos, task);
    if (wheel.add(alarm)) {
      wakeBefore(atNanos);
    }
    return alarm;
  }

  private void wakeBefore(long atNanos) {
    var until = asleepUntil.get();
    while (atNanos < until) {
      if (asleepUntil.compareAndSet(until, atNanos)) {
        wake.run();
        return;
      }
      until = asleepUntil.get();
    }
  }

  /** Runs what is due, in the order of the times. For the sleeper. */
  void runDue(long nowNanos) {
    asleepUntil.set(AWAKE);
    var due = new ArrayList<Alarm>();
    for (var wheel : wheels) {
      wheel.advance(nowNanos, due);
    }
    due.sort(BY_TIME);
    due.forEach(Timers::run);
  }

  /** A task that fails or interrupts its thread must not harm the others. */
  private static void run(Alarm alarm) {
    try {
      alarm.run();
    } catch (Throwable lost) {
      // As the contract of Time says.
    } finally {
      var unused = Thread.interrupted();
    }
  }

  /**
   * Until when the sleeper may sleep, which it does from now on. Whoever sets a timer adds it and
   * then looks how long the sleep is; here the sleep is told first and then the timers are looked
   * at again: one of the two sees the other.
   */
  long sleep() {
    var until = next();
    asleepUntil.set(until);
    return Math.min(until, next());
  }

  private long next() {
    var next = TimerWheel.NEVER;
    for (var wheel : wheels) {
      next = Math.min(next, wheel.next());
    }
    return next;
  }

  /** Drops what waits, and what comes later. */
  void close() {
    for (var wheel : wheels) {
      wheel.close();
    }
  }
}
