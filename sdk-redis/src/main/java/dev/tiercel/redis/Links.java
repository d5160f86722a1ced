package dev.tiercel.redis;

import dev.tiercel.backend.Completions;
import dev.tiercel.error.ServingException;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one link in use, and the way to the next. When it is lost, the next call starts an attempt to
 * connect, one at a time; calls that come during an attempt wait for it, calls that come soon after
 * a failed one are refused at once.
 *
 * <p>Thread-safe. Nothing of others runs under the lock.
 */
@SuppressWarnings({"ReferenceEquality", "UndefinedEquals"
}) // links and waiters are told apart by identity
final class Links {

  private static final Logger LOG = LoggerFactory.getLogger(Links.class);

  private final Connector connector;
  private final Backoff backoff;
  private final int maxWaiting;
  private final Failures failures;
  private final Time time;
  private final RandomGenerator random;

  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Link current;

  // Below: under the lock.
  private final Set<CompletableFuture<Link>> waiting = new LinkedHashSet<>();
  private boolean connecting;
  private boolean closed;
  private long connectedAt;
  private int failuresInARow;
  private long notBefore;
  private @Nullable ServingException lastFailure;

  Links(
      Connector connector,
      Backoff backoff,
      int maxWaiting,
      Failures failures,
      Time time,
      RandomGenerator random) {
    this.connector = connector;
    this.backoff = backoff;
    this.maxWaiting = maxWaiting;
    this.failures = failures;
    this.time = time;
    this.random = random;
    this.notBefore = time.nanos();
  }

  /**
   * A usable link, now or when the attempt under way has ended. Fails with
   * {@link dev.tiercel.error.Unavailable} if there is none and with
   * {@link dev.tiercel.error.Overloaded} if too many wait for it. Cancelling it lets go of the
   * wait, not of the attempt.
   */
  CompletableFuture<Link> acquire() {
    var link = current;
    if (link != null) {
      if (link.isUsable()) {
        return CompletableFuture.completedFuture(link);
      }
      drop(link);
    }
    return join();
  }

  /** Connects before the first call, if possible. */
  void warmUp() {
    Completions.onEnd(acquire(), (link, failure) -> {
      if (failure != null) {
        LOG.debug("redis: no connection yet", failure);
      }
    });
  }

  /**
   * Refuses what comes and fails who waits; the link ends.
   *
   * @param limit how long to wait for its end, at most; one of the connector's own threads does not
   *     wait, since it may be the one that has to end it
   */
  void close(Duration limit) {
    List<CompletableFuture<Link>> waiters;
    Link link;
    lock.lock();
    try {
      closed = true;
      waiters = takeWaiting();
      link = current;
      current = null;
    } finally {
      lock.unlock();
    }
    waiters.forEach(waiter -> waiter.completeExceptionally(failures.closed()));
    if (link == null) {
      return;
    }
    if (connector.isOnOwnThread()) {
      end(link);
    } else if (!Ending.await(link.close(), limit)) {
      LOG.warn("redis: connection has not ended after {} (expected: before)", limit);
    }
  }

  private CompletableFuture<Link> join() {
    var waiter = new CompletableFuture<Link>();
    var start = false;
    lock.lock();
    try {
      var link = current;
      var refusal = refusal();
      if (link != null) {
        // Somebody else's attempt has ended meanwhile.
        waiter.complete(link);
      } else if (refusal != null) {
        waiter.completeExceptionally(refusal);
      } else {
        start = !connecting;
        connecting = true;
        waiting.add(waiter);
      }
    } finally {
      lock.unlock();
    }
    if (!waiter.isDone()) {
      Completions.onEnd(waiter, (link, failure) -> letGo(waiter));
    }
    if (start) {
      connect();
    }
    return waiter;
  }

  /** Why nobody may wait now, null if one may. */
  private @Nullable ServingException refusal() {
    if (closed) {
      return failures.closed();
    }
    if (!connecting && notBefore - time.nanos() > 0) {
      return lastFailure == null ? failures.disconnected() : lastFailure;
    }
    return waiting.size() >= maxWaiting ? failures.queueFull(maxWaiting) : null;
  }

  private void connect() {
    CompletableFuture<Link> attempt;
    try {
      attempt = connector.connect();
    } catch (RuntimeException thrown) {
      attempt = CompletableFuture.failedFuture(thrown);
    }
    Completions.onEnd(attempt, this::ended);
  }

  private void ended(@Nullable Link link, @Nullable Throwable failure) {
    List<CompletableFuture<Link>> waiters;
    ServingException refusal = null;
    lock.lock();
    try {
      connecting = false;
      waiters = takeWaiting();
      if (link == null) {
        refusal = failures.ofConnecting(failure);
        lastFailure = refusal;
        holdOff();
      } else if (closed) {
        refusal = failures.closed();
      } else {
        current = link;
        connectedAt = time.nanos();
      }
    } finally {
      lock.unlock();
    }
    if (refusal == null && link != null) {
      LOG.debug("redis: connected");
      waiters.forEach(waiter -> waiter.complete(link));
      return;
    }
    LOG.debug("redis: not connected", refusal);
    for (var waiter : waiters) {
      waiter.completeExceptionally(refusal);
    }
    if (link != null) {
      end(link);
    }
  }

  /**
   * Gives up a link. The next attempt may follow at once, unless the link has not lasted longer
   * than a wait would.
   */
  private void drop(Link link) {
    lock.lock();
    try {
      if (current != link) {
        return;
      }
      current = null;
      lastFailure = null;
      if (time.nanos() - connectedAt < backoff.most().toNanos()) {
        holdOff();
      } else {
        failuresInARow = 0;
      }
    } finally {
      lock.unlock();
    }
    LOG.info("redis: connection lost or silent, replacing it");
    end(link);
  }

  private void holdOff() {
    failuresInARow++;
    notBefore = time.nanos() + backoff.nanosAfter(failuresInARow, random);
  }

  private void letGo(CompletableFuture<Link> waiter) {
    lock.lock();
    try {
      waiting.remove(waiter);
    } finally {
      lock.unlock();
    }
  }

  private List<CompletableFuture<Link>> takeWaiting() {
    var taken = List.copyOf(waiting);
    waiting.clear();
    return taken;
  }

  private static void end(Link link) {
    Completions.onEnd(link.close(), (done, failure) -> {
      if (failure != null) {
        LOG.debug("redis: connection did not close cleanly", failure);
      }
    });
  }
}
