package dev.tiercel.testing;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Runs one action after another, in the order in which they come, on a thread that brings one or
 * that ends a hold; never two at a time, and never under a lock. An action brought by an action
 * runs after it. Thread-safe.
 */
final class ActionLine {

  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean running;
  private boolean held;

  /** Runs an action in its turn: at once, unless the line is held or running. */
  void add(Runnable action) {
    synchronized (this) {
      waiting.add(action);
    }
    run();
  }

  /** From now on actions wait. */
  synchronized void hold() {
    held = true;
  }

  /** Ends the hold: what waits runs. */
  void release() {
    synchronized (this) {
      held = false;
    }
    run();
  }

  /** Ends the hold: what waits is lost. */
  synchronized void lose() {
    held = false;
    waiting.clear();
  }

  private void run() {
    if (!enter()) {
      return;
    }
    try {
      for (var next = next(); next != null; next = next()) {
        next.run();
      }
    } catch (RuntimeException | Error thrown) {
      leave();
      throw thrown;
    }
  }

  /** Only for whoever still runs: after the last action somebody else may have entered. */
  private synchronized void leave() {
    running = false;
  }

  private synchronized boolean enter() {
    if (running) {
      return false;
    }
    running = true;
    return true;
  }

  private synchronized @Nullable Runnable next() {
    var next = held ? null : waiting.poll();
    running = next != null;
    return next;
  }
}
