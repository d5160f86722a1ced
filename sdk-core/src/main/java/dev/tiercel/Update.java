package dev.tiercel;

import dev.tiercel.error.OutcomeUnknown;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * How far a read-modify-write is: whether the try under way has written, may still write, or may
 * not any more because its caller has been told that nothing was written. Thread-safe.
 */
final class Update {

  private enum State {
    READING,
    WRITING,
    ENDED
  }

  private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(1).toNanos();
  private static final long LONGEST_PAUSE_NANOS = Duration.ofMillis(64).toNanos();

  private final AtomicReference<State> state = new AtomicReference<>(State.READING);

  /** Of the tries, which follow each other. */
  private volatile long pauseNanos;

  /** A try is about to write. False if the caller has been answered meanwhile. */
  boolean beginsToWrite() {
    return state.compareAndSet(State.READING, State.WRITING);
  }

  /** A try's write has ended; unless its outcome is unknown, another may follow. */
  void hasWritten(@Nullable Throwable failure) {
    if (failure == null || !(Calls.unwrapped(failure) instanceof OutcomeUnknown)) {
      state.compareAndSet(State.WRITING, State.READING);
    }
  }

  /**
   * The caller is being answered from above: whether something may have been written. If not,
   * nothing will be.
   */
  boolean endsWritten() {
    return !state.compareAndSet(State.READING, State.ENDED) && state.get() == State.WRITING;
  }

  /**
   * The ceiling of the pause before the next try: none, then a millisecond, then twice as much each
   * time.
   */
  long nextPauseNanos() {
    var pause = pauseNanos;
    pauseNanos = pause == 0 ? FIRST_PAUSE_NANOS : Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    return pause;
  }
}
