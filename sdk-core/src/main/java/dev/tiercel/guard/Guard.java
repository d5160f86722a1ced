package dev.tiercel.guard;

import dev.tiercel.error.Overloaded;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.health.Endpoint;
import dev.tiercel.health.EndpointState;
import dev.tiercel.health.Vitals;
import dev.tiercel.observe.Attempt;
import dev.tiercel.observe.Refusal;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import java.time.Duration;

/**
 * What is known of one endpoint: who is let through, and what each end says.
 *
 * <p>Thread-safe.
 */
final class Guard implements Vitals {

  /** The ticket of a call that is not sent because there are too many. */
  private static final int FULL = -2;

  private static final long PUSH_BACK_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long SILENCE_NANOS = Duration.ofSeconds(1).toNanos();

  /** How exactly the last answer's time is kept: writing it each time would cost the others. */
  private static final long GRAIN_NANOS = Duration.ofMillis(10).toNanos();

  /** What an answer may take while none is known. */
  private static final long UNKNOWN_NANOS = Duration.ofMillis(10).toNanos();

  final Where where;
  private final Time time;
  private final Endpoint endpoint;
  private final ConcurrencyLimiter limiter;
  private final double tolerance;
  private final EndpointHealth health;
  private final ServingListener listener;
  private volatile boolean pushedBack;
  private volatile long pushBackNanos;
  private volatile long lastAnswerNanos;

  Guard(
      Endpoint endpoint,
      LimiterPolicy limiter,
      EndpointHealth health,
      ServingListener listener,
      Time time) {
    this.endpoint = endpoint;
    this.limiter = new ConcurrencyLimiter(limiter, time);
    this.tolerance = limiter.tolerance();
    this.health = health;
    this.listener = listener;
    this.time = time;
    this.lastAnswerNanos = time.nanos();
    this.where = Where.at(endpoint.backend(), endpoint.region());
  }

  /**
   * Lets a call through: then it is {@link #ended} once and {@link #left} once.
   *
   * @return the call's ticket, or {@link EndpointHealth#REFUSED}; {@link #refusal} says why
   */
  int admit(long nowNanos) {
    var ticket = health.admit(nowNanos);
    if (ticket != EndpointHealth.REFUSED && !limiter.tryAcquire()) {
      health.ignored(ticket);
      return FULL;
    }
    return ticket;
  }

  static boolean isRefused(int ticket) {
    return ticket < 0;
  }

  /** Tells the listener of a refusal, and makes the failure of it. */
  ServingException refusal(int ticket, Deadline deadline, long nowNanos) {
    var place = unsent(deadline);
    if (ticket == FULL) {
      listener.onRefusal(endpoint, Refusal.LIMIT);
      return new Overloaded(
          endpoint.id() + " calls in flight: " + limiter.inFlight() + " (expected: fewer)",
          place,
          null);
    }
    listener.onRefusal(endpoint, Refusal.DOWN);
    return new Unavailable(
        endpoint.id() + " endpoint: down for " + health.downFor(nowNanos).toMillis()
            + " ms (expected: up)",
        place,
        null);
  }

  /** The place of a call that was not sent. */
  Where unsent(Deadline deadline) {
    return new Where(where.backend(), where.region(), "", deadline.elapsed(), 0);
  }

  /** A call has ended for its caller. */
  @SuppressWarnings("ReferenceEquality") // the one that hears nothing
  void ended(GuardedCall<?> call, Attempt.Result result) {
    var now = time.nanos();
    var took = now - call.startNanos;
    switch (result) {
      case ANSWERED -> {
        answered(now);
        report(call, took, Signal.ANSWERED);
        health.succeeded(call.ticket, now);
      }
      case THROTTLED -> {
        pushBackNanos = now;
        pushedBack = true;
        answered(now);
        report(call, took, Signal.DROPPED);
        health.ignored(call.ticket);
      }
      case FAILED -> {
        report(call, took, Signal.IGNORED);
        health.failed(call.ticket, now);
      }
      case LATE -> late(call, took, now);
      case CANCELLED -> givenUp(call, took, now);
    }
    if (listener != ServingListener.NONE) {
      listener.onAttempt(
          endpoint,
          new Attempt(
              call.isWrite(), call.context.attempt(), call.keys, Duration.ofNanos(took), result));
    }
  }

  private void answered(long now) {
    if (now - lastAnswerNanos >= GRAIN_NANOS) {
      lastAnswerNanos = now;
    }
  }

  private void report(GuardedCall<?> call, long took, Signal signal) {
    limiter.report(call.keys, call.isWrite(), took, signal);
  }

  /** A call that was given less time than an answer takes has not been late: it never could be. */
  private void late(GuardedCall<?> call, long took, long now) {
    var typical = limiter.typicalNanos(call.keys, call.isWrite());
    if (took < (typical == 0 ? UNKNOWN_NANOS : typical)) {
      nothing(call, took);
    } else {
      report(call, took, Signal.DROPPED);
      health.failed(call.ticket, now);
    }
  }

  /**
   * Whoever gives a call up before its deadline says nothing of the endpoint: it may be the loser
   * of a hedge. But if nobody gets an answer any more, it is the endpoint; callers with less
   * patience than the deadline would hide that for ever.
   */
  private void givenUp(GuardedCall<?> call, long took, long now) {
    var typical = limiter.typicalNanos(call.keys, call.isWrite());
    var isLong = took >= tolerance * Math.max(typical, Baseline.QUICK_NANOS);
    if (isLong && now - lastAnswerNanos >= SILENCE_NANOS) {
      late(call, took, now);
    } else {
      nothing(call, took);
    }
  }

  private void nothing(GuardedCall<?> call, long took) {
    report(call, took, Signal.IGNORED);
    health.ignored(call.ticket);
  }

  /** A call no longer occupies the endpoint. */
  void left() {
    limiter.release();
  }

  @Override
  public Endpoint endpoint() {
    return endpoint;
  }

  @Override
  public EndpointState state() {
    return health.state(time.nanos());
  }

  @Override
  public int inFlight() {
    return limiter.inFlight();
  }

  @Override
  public int limit() {
    return limiter.limit();
  }

  @Override
  public boolean takesMore() {
    var now = time.nanos();
    return !limiter.isNearlyFull()
        && !limiter.isSlow(now)
        && !(pushedBack && now - pushBackNanos < PUSH_BACK_NANOS)
        && health.takesMore(now);
  }
}
