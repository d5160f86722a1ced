package dev.tiercel.time;

import org.jspecify.annotations.Nullable;

/**
 * A timer in a wheel: what its setter holds, and a link of the ring it waits in. All but its time
 * is guarded by the wheel.
 */
final class Alarm implements Time.Timer {

  static final int NOWHERE = -1;

  private final TimerWheel wheel;
  private final long atNanos;

  /** What to run, until it has begun or been forgotten. */
  @Nullable
  Runnable task;

  /** The ring, of this alarm alone unless others wait in the same place. */
  Alarm next = this;

  Alarm previous = this;

  /** Where it waits. */
  int place = NOWHERE;

  Alarm(TimerWheel wheel, long atNanos, Runnable task) {
    this.wheel = wheel;
    this.atNanos = atNanos;
    this.task = task;
  }

  /** When it is due. */
  long atNanos() {
    return atNanos;
  }

  /** Runs the task unless it has been forgotten. */
  void run() {
    var taken = wheel.take(this);
    if (taken != null) {
      taken.run();
    }
  }

  @Override
  public void cancel() {
    wheel.cancel(this);
  }
}
