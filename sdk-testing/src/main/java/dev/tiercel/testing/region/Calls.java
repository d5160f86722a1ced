package dev.tiercel.testing.region;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A few threads that call at the same time, for one that waits for all of them. */
final class Calls implements AutoCloseable {

  private final ExecutorService threads;

  Calls(int count) {
    threads = Executors.newFixedThreadPool(count, task -> {
      var thread = new Thread(task, "replicator-call");
      thread.setDaemon(true);
      return thread;
    });
  }

  /**
   * The results of all, in order.
   *
   * @throws ExecutionException if one fails; all have ended by then
   */
  <T> List<T> all(List<? extends Callable<T>> calls)
      throws InterruptedException, ExecutionException {
    var results = new ArrayList<T>();
    for (var call : threads.invokeAll(calls)) {
      results.add(call.get());
    }
    return results;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
