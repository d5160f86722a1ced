package dev.tiercel.guard;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.budget.AttemptBudget;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.ServingException;
import dev.tiercel.health.Endpoint;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls again for the keys that failed in a way that may pass: {@code Unavailable} and
 * {@code Throttled}, if a backend was asked at all. Each time is paid from the budget, waits for a
 * pause that fits into what is left of the deadline, and asks for the failed keys only.
 *
 * <p>A write whose outcome is unknown is made again only if it is a put under {@code IfVersion} or
 * {@code IfNewer}, which cannot be applied twice. A refusal then proves nothing, since it may be
 * its own first attempt that stands in the way: the outcome stays unknown. If it is unknown because
 * time ran out ({@code DeadlineExceeded} is its cause), there is none left.
 *
 * <p>A key that goes on failing ends with its first failure, the others suppressed and all attempts
 * named; a write of which any attempt may have been applied, with that one.
 *
 * <p>Expects a backend whose futures never complete exceptionally but by a cancel, and returns such
 * futures. A cancel ends a pause and reaches the call being made. Retries run on the timer's
 * thread. Thread-safe.
 */
public final class RetryingBackend extends ForwardingBackend {

  private final Retries retries;
  private final boolean on;

  /**
   * Retries what goes to a backend.
   *
   * @param delegate the backend to ask again
   * @param main its main endpoint, for the listener
   * @param policy how often and when
   * @param budget what pays for it; shared with all extra attempts at the same backend
   * @param listener hears of retries, and of those that were not paid for; must not throw, see
   *     {@link ServingListener#safe}
   * @param random jitter; safe for use by several threads
   * @param time the timers
   */
  public RetryingBackend(
      Backend delegate,
      Endpoint main,
      RetryPolicy policy,
      AttemptBudget budget,
      ServingListener listener,
      RandomGenerator random,
      Time time) {
    super(delegate);
    this.on = policy.maxAttempts() > 1;
    this.retries = new Retries(main, policy, budget, listener, random, time);
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    var first = super.read(request, context);
    return !on || isAnswered(first) ? first : new Read(request, context).follow(first);
  }

  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    var first = super.write(request, context);
    return on ? new Write(request, context).follow(first) : first;
  }

  /**
   * Ends every pause with the failures there are, since its timer may never come; from now on no
   * call is made again.
   */
  public void giveUp() {
    retries.close();
  }

  /** Gives up, and closes the backend. */
  @Override
  public void close() {
    giveUp();
    super.close();
  }

  /** Spares answers that are there at once the rest. */
  private static boolean isAnswered(CompletableFuture<ReadResult> first) {
    if (!first.isDone() || first.isCompletedExceptionally()) {
      return false;
    }
    for (var outcome : first.join().outcomes()) {
      if (outcome instanceof ReadOutcome.Failed) {
        return false;
      }
    }
    return true;
  }

  private final class Read extends Retry<ReadResult, ReadOutcome> {

    private final ReadRequest request;
    private Barriers barriers = Barriers.NONE;

    Read(ReadRequest request, CallContext context) {
      super(retries, context);
      this.request = request;
    }

    @Override
    List<ReadOutcome> outcomes(ReadResult result) {
      return result.outcomes();
    }

    @Override
    @Nullable
    ServingException retryable(int index, ReadOutcome outcome) {
      return outcome instanceof ReadOutcome.Failed failed && Attempts.mayPass(failed.cause())
          ? failed.cause()
          : null;
    }

    @Override
    ReadOutcome both(ReadOutcome first, ReadOutcome second, Duration elapsed) {
      return first instanceof ReadOutcome.Failed one
              && second instanceof ReadOutcome.Failed two
              && Attempts.isTransient(two.cause())
          ? new ReadOutcome.Failed(Attempts.both(one.cause(), two.cause(), elapsed))
          : second;
    }

    @Override
    CompletableFuture<ReadResult> send(List<Integer> indexes, CallContext attempt) {
      var keys = indexes.stream().map(request.keys()::get).toList();
      return RetryingBackend.super.read(request.withKeys(keys), attempt);
    }

    @Override
    void note(ReadResult result) {
      barriers = barriers.and(result.barriers());
    }

    @Override
    ReadResult result(List<ReadOutcome> all) {
      return new ReadResult(all, barriers);
    }
  }

  private final class Write extends Retry<WriteResult, WriteOutcome> {

    private final WriteRequest request;

    Write(WriteRequest request, CallContext context) {
      super(retries, context);
      this.request = request;
    }

    @Override
    List<WriteOutcome> outcomes(WriteResult result) {
      return result.outcomes();
    }

    @Override
    @Nullable
    ServingException retryable(int index, WriteOutcome outcome) {
      if (!(outcome instanceof WriteOutcome.Failed failed) || Attempts.isLate(failed.cause())) {
        return null;
      }
      var mutation = request.mutations().get(index);
      return (Attempts.mayPass(failed.cause()) && isAwaited(mutation))
              || (isUnknown(failed) && cannotApplyTwice(mutation))
          ? failed.cause()
          : null;
    }

    /** Nobody waits for a fill or for what becomes of a lease: they must not cost others theirs. */
    private static boolean isAwaited(Mutation mutation) {
      return !(mutation instanceof Mutation.Fill
          || mutation instanceof Mutation.Renew
          || mutation instanceof Mutation.Release);
    }

    private static boolean cannotApplyTwice(Mutation mutation) {
      return mutation instanceof Mutation.Mark
          || (mutation instanceof Mutation.Put
              && (mutation.condition() instanceof Condition.IfVersion
                  || mutation.condition() instanceof Condition.IfNewer));
    }

    private static boolean isUnknown(WriteOutcome.Failed failed) {
      return failed.cause() instanceof OutcomeUnknown;
    }

    @Override
    WriteOutcome both(WriteOutcome first, WriteOutcome second, Duration elapsed) {
      if (!(first instanceof WriteOutcome.Failed one) || second instanceof WriteOutcome.Stored) {
        return second;
      }
      if (!(second instanceof WriteOutcome.Failed two)) {
        return isUnknown(one) ? one : second;
      }
      if (isUnknown(two) && !isUnknown(one)) {
        return new WriteOutcome.Failed(Attempts.both(two.cause(), one.cause(), elapsed));
      }
      return isUnknown(one) || Attempts.isTransient(two.cause())
          ? new WriteOutcome.Failed(Attempts.both(one.cause(), two.cause(), elapsed))
          : second;
    }

    @Override
    CompletableFuture<WriteResult> send(List<Integer> indexes, CallContext attempt) {
      var mutations = indexes.stream().map(request.mutations()::get).toList();
      return RetryingBackend.super.write(new WriteRequest(request.keyspace(), mutations), attempt);
    }

    @Override
    void note(WriteResult result) {}

    @Override
    WriteResult result(List<WriteOutcome> all) {
      return new WriteResult(all);
    }
  }
}
