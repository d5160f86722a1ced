package dev.tiercel.testing.chaos;

import java.util.concurrent.atomic.AtomicBoolean;

/** Something that was broken and can be healed. Thread-safe. */
public final class Injection implements AutoCloseable {

  private final Runnable heal;
  private final AtomicBoolean healed = new AtomicBoolean();

  Injection(Runnable heal) {
    this.heal = heal;
  }

  /** Heals it, and returns once it is healed. A second call does nothing. */
  public void heal() {
    if (healed.compareAndSet(false, true)) {
      heal.run();
    }
  }

  /** The same as {@link #heal}. */
  @Override
  public void close() {
    heal();
  }
}
