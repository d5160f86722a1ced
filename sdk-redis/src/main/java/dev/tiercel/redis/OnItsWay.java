package dev.tiercel.redis;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Which commands of a request are on their way, for whoever must wait for their real end when the
 * request is cancelled. Either a round of commands is left behind in full, or it is not sent any
 * more; which of the two is decided by one atomic step, so that nothing falls between.
 *
 * <p>Lock-free and thread-safe; costs nothing but itself until something is left behind.
 */
final class OnItsWay {

  /** What is on its way: a phase, the list of calls that were sent, or who takes what is left. */
  private final AtomicReference<Object> state = new AtomicReference<>(Phase.IDLE);

  private enum Phase {
    IDLE,
    SENDING
  }

  /** Whether a round may be sent; one that may must be {@link #sent}. One at a time. */
  boolean maySend() {
    return !(state.get() instanceof Leftovers)
        && !(state.getAndUpdate(now -> now instanceof Leftovers ? now : Phase.SENDING)
            instanceof Leftovers);
  }

  /** A round has been sent; empty if that failed. */
  void sent(List<RedisCall> calls) {
    if (!state.compareAndSet(Phase.SENDING, calls) && state.get() instanceof Leftovers leftovers) {
      leftovers.consistOf(calls);
    }
  }

  /**
   * Leaves behind what is on its way; nothing more may be sent.
   *
   * @return the end of that, null if nothing is on its way or it was left behind before
   */
  @Nullable
  Leftovers leave() {
    var leftovers = new Leftovers();
    var before = state.getAndUpdate(now -> now instanceof Leftovers ? now : leftovers);
    if (before instanceof Leftovers || before == Phase.IDLE) {
      return null;
    }
    if (before instanceof List<?> calls) {
      leftovers.consistOf(calls.stream().map(RedisCall.class::cast).toList());
    }
    return leftovers;
  }
}
