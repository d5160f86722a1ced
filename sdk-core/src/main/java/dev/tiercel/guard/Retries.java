package dev.tiercel.guard;

import dev.failsafe.Execution;
import dev.tiercel.budget.AttemptBudget;
import dev.tiercel.error.ServingException;
import dev.tiercel.health.Endpoint;
import dev.tiercel.observe.Refusal;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What all calls of a backend share about being made again.
 *
 * <p>How often and when is Failsafe's retry policy, asked step by step: an execution of its own
 * would bring threads and clocks nobody can inject.
 *
 * <p>Thread-safe.
 */
final class Retries {

  private final Endpoint main;
  private final AttemptBudget budget;
  private final ServingListener listener;
  private final dev.failsafe.RetryPolicy<Boolean> policy;
  private final Set<Retry<?, ?>> pausing = ConcurrentHashMap.newKeySet();
  private final Time time;
  private volatile boolean closed;

  Retries(
      Endpoint main,
      RetryPolicy policy,
      AttemptBudget budget,
      ServingListener listener,
      RandomGenerator random,
      Time time) {
    this.main = main;
    this.budget = budget;
    this.listener = listener;
    this.time = time;
    this.policy = dev.failsafe.RetryPolicy.<Boolean>builder()
        .handleResult(false)
        .withMaxAttempts(policy.maxAttempts())
        .withDelayFn(made -> policy.pause(Math.max(1, made.getAttemptCount()), random.nextDouble()))
        .build();
  }

  /** The account of one call whose attempts are told to it as they fail. */
  Execution<Boolean> begin() {
    return Execution.of(policy);
  }

  /**
   * Whether a call is made again, and then pays for it.
   *
   * @return the pause before, null if it is not made again
   */
  @Nullable
  Duration next(Execution<Boolean> attempts, Deadline deadline, int keys, ServingException cause) {
    attempts.recordResult(false);
    if (attempts.isComplete() || closed) {
      return null;
    }
    var pause = attempts.getDelay();
    if (pause.compareTo(deadline.remaining()) >= 0) {
      return null;
    }
    if (!budget.tryPay(keys)) {
      listener.onRefusal(main, Refusal.RETRY_BUDGET);
      return null;
    }
    listener.onRetry(main, keys, cause);
    return pause;
  }

  void pauses(Retry<?, ?> retry) {
    pausing.add(retry);
  }

  /** Whether this ends the pause: a pause ends once, by its timer, its caller or the close. */
  boolean endPause(Retry<?, ?> retry) {
    return pausing.remove(retry);
  }

  boolean isClosed() {
    return closed;
  }

  Time time() {
    return time;
  }

  /** Ends the pauses: the timer may never come. */
  void close() {
    closed = true;
    for (var retry : pausing) {
      if (endPause(retry)) {
        retry.giveUp();
      }
    }
  }
}
