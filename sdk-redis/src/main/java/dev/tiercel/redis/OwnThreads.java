package dev.tiercel.redis;

import io.lettuce.core.resource.ThreadFactoryProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;

/**
 * The threads of one client: daemons, named after this backend, and remembered, since a pool says
 * that it has ended a moment before its last thread has.
 */
final class OwnThreads implements ThreadFactoryProvider {

  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  @Override
  public ThreadFactory getThreadFactory(String poolName) {
    var factory = new DefaultThreadFactory(poolName.replace("lettuce", "tiercel-redis"), true);
    return task -> {
      var thread = factory.newThread(task);
      threads.add(thread);
      return thread;
    };
  }

  /** Whether this code runs on one of them. */
  boolean areRunningThis() {
    return threads.contains(Thread.currentThread());
  }

  /**
   * Whether all have ended within the limit. Not to be asked by one of them, which could not end
   * meanwhile.
   */
  boolean await(Duration limit) {
    var start = System.nanoTime();
    var ended = true;
    for (var thread : threads) {
      var left = limit.minusNanos(System.nanoTime() - start);
      ended &= Ending.await(thread, left);
    }
    return ended;
  }
}
