package dev.tiercel.testing.region;

import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Breaks something at once, heals it after a while, breaks it again, until it is stopped. */
final class SquareWave {

  private final Time time;
  private final Duration down;
  private final Duration up;
  private final Supplier<Runnable> breaks;
  private boolean stopped;
  private @Nullable Runnable undo;
  private Time.@Nullable Timer timer;

  /**
   * Breaks nothing yet.
   *
   * @param breaks breaks it and says how it is healed
   */
  SquareWave(Time time, Duration down, Duration up, Supplier<Runnable> breaks) {
    this.time = time;
    this.down = down;
    this.up = up;
    this.breaks = breaks;
  }

  /** The first fall; then the timer's. */
  synchronized void fall() {
    if (!stopped) {
      undo = breaks.get();
      timer = time.schedule(down, this::rise);
    }
  }

  private synchronized void rise() {
    if (!stopped) {
      heal();
      timer = time.schedule(up, this::fall);
    }
  }

  /** Heals it for good. The lock keeps a timer that runs now from breaking it behind our back. */
  synchronized void stop() {
    stopped = true;
    if (timer != null) {
      timer.cancel();
    }
    heal();
  }

  private void heal() {
    if (undo != null) {
      undo.run();
      undo = null;
    }
  }
}
