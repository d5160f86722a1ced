package dev.tiercel.testing.region;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A fault that holds until it is healed. Thread-safe. */
public final class OngoingFault implements AutoCloseable {

  private final RegionFault fault;
  private final AtomicReference<@Nullable Runnable> undo;

  OngoingFault(RegionFault fault, Runnable undo) {
    this.fault = fault;
    this.undo = new AtomicReference<>(undo);
  }

  /** What is wrong. */
  public RegionFault fault() {
    return fault;
  }

  /** Whether it has been healed, or is being healed now. */
  public boolean isHealed() {
    return undo.get() == null;
  }

  /** Heals it and returns once that is so; other faults stay. A second call does nothing. */
  public void heal() {
    var once = undo.getAndSet(null);
    if (once != null) {
      once.run();
    }
  }

  /** The same as {@link #heal}. */
  @Override
  public void close() {
    heal();
  }
}
