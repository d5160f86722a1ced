package dev.tiercel.testing.region;

import dev.tiercel.time.Durations;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Time whose wall clock is wrong; readings and timers are those of the time it stands on. */
final class SkewedTime implements Time {

  private final Time time;
  private final AtomicLong skewMillis = new AtomicLong();

  SkewedTime(Time time) {
    this.time = time;
  }

  /** Sets the wall clock ahead, or back. */
  void shift(Duration by) {
    skewMillis.addAndGet(Durations.millis(by));
  }

  @Override
  public long nanos() {
    return time.nanos();
  }

  @Override
  public long millis() {
    return time.millis() + skewMillis.get();
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    return time.schedule(delay, task);
  }
}
