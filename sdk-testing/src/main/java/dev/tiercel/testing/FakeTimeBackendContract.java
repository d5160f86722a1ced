package dev.tiercel.testing;

import dev.tiercel.time.Time;
import java.time.Duration;

/**
 * The {@link BackendContract} for backends that live by a {@link FakeTime}: nothing in it waits.
 */
public abstract class FakeTimeBackendContract extends BackendContract {

  /** The time to make the backend with. */
  protected final FakeTime time = new FakeTime();

  @Override
  public final Time time() {
    return time;
  }

  @Override
  public final void advance(Duration duration) {
    time.advance(duration);
  }
}
