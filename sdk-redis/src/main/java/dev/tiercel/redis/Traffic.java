package dev.tiercel.redis;

import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the commands of one connection that Redis has not answered, cancelled ones included, and
 * tells when the connection has fallen silent: what it was not asked for is no answer.
 *
 * <p>Thread-safe, and lock-free but for what was cancelled.
 */
final class Traffic {

  private final int limit;
  private final long stallNanos;
  private final Time time;
  private final AtomicInteger unanswered = new AtomicInteger();
  private volatile long heardAt;

  // Below: under the lock of the set. It is used for commands that were cancelled only.
  private final Set<RedisCall> leftBehind = Collections.newSetFromMap(new IdentityHashMap<>());
  private boolean lost;

  Traffic(int limit, Duration stallLimit, Time time) {
    this.limit = limit;
    this.stallNanos = stallLimit.toNanos();
    this.time = time;
    this.heardAt = time.nanos();
  }

  /** Counts commands that are about to be sent, unless they are too many. */
  boolean admit(int commands) {
    if (unanswered.get() == 0) {
      // Silence while nothing was awaited says nothing. Before the count, so that nobody sees one
      // without the other.
      heardAt = time.nanos();
    }
    if (unanswered.addAndGet(commands) <= limit) {
      return true;
    }
    unanswered.addAndGet(-commands);
    return false;
  }

  /** An answer has come. */
  void answered() {
    heardAt = time.nanos();
    unanswered.decrementAndGet();
  }

  /** A command will not be sent after all. */
  void withdrawn() {
    unanswered.decrementAndGet();
  }

  /** Whether something has been awaited for too long without any answer. */
  boolean isSilent() {
    return unanswered.get() > 0 && time.nanos() - heardAt > stallNanos;
  }

  /** A command goes on although it was cancelled; it is told when the connection is lost. */
  void leave(RedisCall call) {
    boolean late;
    synchronized (leftBehind) {
      late = lost;
      if (!late) {
        leftBehind.add(call);
      }
    }
    if (late) {
      call.gone();
    }
  }

  /** A command that was left behind has ended. */
  void forget(RedisCall call) {
    synchronized (leftBehind) {
      leftBehind.remove(call);
    }
  }

  /** The connection is gone, and nothing that was sent on it will be answered. */
  void lose() {
    List<RedisCall> orphans;
    synchronized (leftBehind) {
      lost = true;
      orphans = List.copyOf(leftBehind);
    }
    orphans.forEach(RedisCall::gone);
  }

  int unanswered() {
    return unanswered.get();
  }

  int limit() {
    return limit;
  }
}
