package dev.tiercel.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What of a request that was cancelled Redis may still run: ends once each of its commands has been
 * answered, can no longer be sent, or has lost its connection.
 */
final class Leftovers extends CompletableFuture<Void> {

  private final AtomicInteger left = new AtomicInteger();

  /** Says, once, of which commands it is the end. */
  void consistOf(List<RedisCall> calls) {
    // One for this method: the last command may end before all of them have been told whom to tell.
    left.set(calls.size() + 1);
    calls.forEach(call -> call.endsFor(this));
    oneHasEnded();
  }

  /** One of the commands is really gone. */
  void oneHasEnded() {
    if (left.decrementAndGet() == 0) {
      complete(null);
    }
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new CompletableFuture<>();
  }
}
