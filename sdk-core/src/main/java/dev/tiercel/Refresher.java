package dev.tiercel;

import dev.tiercel.backend.Completions;
import dev.tiercel.backend.Freshness;
import dev.tiercel.tier.RefreshPolicy;
import dev.tiercel.time.AtMostEvery;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Refreshes entries in the background, many keys in one call: those that are due while calls are on
 * their way leave together when one returns.
 *
 * <p>A key is asked for once at a time, and not again for a while after a failure. What waits is
 * bounded; a key too many is left to its next reader. Thread-safe; nothing of others runs under the
 * lock.
 */
final class Refresher<K> {

  /** How keys are read anew. */
  @FunctionalInterface
  interface Source<K> {
    /** Reads keys that are no older than asked; one future per key, which may fail. */
    List<? extends CompletableFuture<?>> refresh(List<K> keys, Freshness freshness);
  }

  private record Due<K>(K key, Freshness freshness) {}

  private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();
  private static final Duration SWEEP_GAP = Duration.ofMillis(100);

  private final RefreshPolicy policy;
  private final Source<K> source;
  private final Executor executor;
  private final Time time;

  /** Every key that waits or is being read, or failed lately; until when it is not asked again. */
  private final ConcurrentHashMap<K, Long> notBefore = new ConcurrentHashMap<>();

  private final AtMostEvery sweeps;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Due<K>> waiting = new ArrayDeque<>();
  private int calls;
  private boolean sending;
  private volatile boolean closed;

  Refresher(RefreshPolicy policy, Source<K> source, Executor executor, Time time) {
    this.policy = policy;
    this.source = source;
    this.executor = executor;
    this.time = time;
    this.sweeps = new AtMostEvery(SWEEP_GAP, time);
  }

  /**
   * Asks for a key to be refreshed; does nothing if that has been asked already.
   *
   * @param freshness how new it must be then
   */
  void offer(K key, Freshness freshness) {
    if (!claim(key)) {
      return;
    }
    var due = new Due<>(key, freshness);
    lock.lock();
    try {
      waiting.add(due);
    } finally {
      lock.unlock();
    }
    try {
      executor.execute(this::send);
    } catch (RejectedExecutionException busy) {
      withdraw(due);
    }
  }

  /** Nobody can send it now: its next reader may ask again in a while. */
  private void withdraw(Due<K> due) {
    boolean withdrawn;
    lock.lock();
    try {
      withdrawn = waiting.remove(due);
    } finally {
      lock.unlock();
    }
    if (withdrawn) {
      notBefore.put(due.key, time.nanos() + RETRY_NANOS);
    }
  }

  private boolean claim(K key) {
    var now = time.nanos();
    var known = notBefore.get(key);
    if (closed || (known != null && now - known < 0)) {
      return false;
    }
    if (known == null && notBefore.size() >= policy.maxWaiting()) {
      sweep(now);
      if (notBefore.size() >= policy.maxWaiting()) {
        return false;
      }
    }
    // Far enough away that nobody else claims it while it waits and is read.
    var claimed = now + Long.MAX_VALUE / 2;
    return known == null
        ? notBefore.putIfAbsent(key, claimed) == null
        : notBefore.replace(key, known, claimed);
  }

  /** Drops what is over; not at every call, since it looks at everything. */
  private void sweep(long now) {
    if (sweeps.isTurn()) {
      notBefore.values().removeIf(until -> now - until >= 0);
    }
  }

  /**
   * Sends what may leave. Whoever is at it already goes on with it, so that calls which end at once
   * do not nest.
   */
  private void send() {
    lock.lock();
    try {
      if (sending) {
        return;
      }
      sending = true;
    } finally {
      lock.unlock();
    }
    for (var batch = next(); !batch.isEmpty(); batch = next()) {
      send(batch);
    }
  }

  /** What leaves next, all of one freshness; nothing when all has left or enough is on its way. */
  private List<Due<K>> next() {
    var batch = new ArrayList<Due<K>>();
    lock.lock();
    try {
      if (closed || calls >= policy.callsAtOnce()) {
        sending = false;
        return batch;
      }
      for (var head = waiting.peek();
          head != null
              && batch.size() < policy.keysPerCall()
              && (batch.isEmpty() || head.freshness.equals(batch.get(0).freshness));
          head = waiting.peek()) {
        batch.add(waiting.remove());
      }
      sending = !batch.isEmpty();
      calls += sending ? 1 : 0;
    } finally {
      lock.unlock();
    }
    return batch;
  }

  private void send(List<Due<K>> batch) {
    var parts = parts(batch);
    for (var index = 0; index < parts.size(); index++) {
      var key = batch.get(index).key;
      Completions.onEnd(parts.get(index), (done, failure) -> {
        if (failure == null) {
          notBefore.remove(key);
        } else {
          notBefore.put(key, time.nanos() + RETRY_NANOS);
        }
      });
    }
    var all = CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new));
    Completions.onEnd(all, (done, failure) -> returned());
  }

  /** What is read anew; all of it failed if it could not even be asked for. */
  private List<? extends CompletableFuture<?>> parts(List<Due<K>> batch) {
    try {
      return source.refresh(batch.stream().map(Due::key).toList(), batch.get(0).freshness);
    } catch (RuntimeException | Error thrown) {
      return Collections.nCopies(batch.size(), CompletableFuture.failedFuture(thrown));
    }
  }

  private void returned() {
    lock.lock();
    try {
      calls--;
    } finally {
      lock.unlock();
    }
    send();
  }

  /** Begins nothing more. */
  void close() {
    closed = true;
    lock.lock();
    try {
      waiting.clear();
    } finally {
      lock.unlock();
    }
    notBefore.clear();
  }
}
