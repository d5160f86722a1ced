package dev.tiercel;

import dev.tiercel.tier.LocalTier;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Keeps the local tier in step with the region that is read from first: follows that region's feed,
 * and another one's after a switch, which is an interruption like any other. Thread-safe.
 */
final class Following<K, V> {

  private final LocalTier<K, V> local;
  private final Function<Stack, Coherence<K, V>> coherences;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Coherence<K, V> followed;
  private boolean closed;

  /**
   * Follows nobody yet.
   *
   * @param first the stack that is read from first
   * @param local what is kept in step
   * @param coherences makes what follows a stack's feed
   */
  Following(Stack first, LocalTier<K, V> local, Function<Stack, Coherence<K, V>> coherences) {
    this.local = local;
    this.coherences = coherences;
    this.followed = coherences.apply(first);
  }

  /** Begins to follow the first one. */
  void open(Stack first) {
    first.feed().ifPresent(followed::follow);
  }

  /** Another stack is read from first now. */
  void changeOver(Stack stack) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      followed.close();
      followed = coherences.apply(stack);
      if (stack.feed().isPresent()) {
        followed.follow(stack.feed().get());
      } else {
        // Nobody tells of changes there: what comes in from now on is as good as it gets.
        local.connected();
      }
    } finally {
      lock.unlock();
    }
  }

  /** This process is about to expire a key. */
  void expiring(String key) {
    followed.expiring(key);
  }

  /** This process has expired a key. */
  void expired(K key) {
    followed.expired(key);
  }

  /** Stops following. */
  void close() {
    lock.lock();
    try {
      closed = true;
      followed.close();
    } finally {
      lock.unlock();
    }
  }
}
