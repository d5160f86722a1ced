package dev.tiercel.builtin;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one task after another, in the order in which they come, on a thread that brings one: at
 * once, unless another thread is at it already and goes on with it. A task brought by a task runs
 * after it. Nobody ever waits, so that nothing can deadlock.
 */
final class SerialExecutor implements Executor {

  private static final Logger LOG = LoggerFactory.getLogger(SerialExecutor.class);

  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger left = new AtomicInteger();

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (left.getAndIncrement() > 0) {
      return;
    }
    do {
      runNext();
    } while (left.decrementAndGet() > 0);
  }

  private void runNext() {
    var task = tasks.poll();
    if (task == null) {
      throw new IllegalStateException("tasks: none (expected: as many as were counted)");
    }
    try {
      task.run();
    } catch (RuntimeException | Error thrown) {
      // The tasks that follow are others'.
      LOG.error("task: threw (expected: no exception)", thrown);
    }
  }
}
