package dev.tiercel.guard;

import dev.failsafe.CircuitBreaker;
import dev.tiercel.health.Endpoint;
import dev.tiercel.health.EndpointState;
import dev.tiercel.health.ResultWindow;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.time.Durations;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * What an endpoint's own answers say of how it is doing, and whether it may be asked.
 *
 * <p>The state machine is Failsafe's breaker, used without its clock, which nobody can inject: it
 * is opened and half-opened from here, and its permits, which cannot be given back, are not used.
 *
 * <p>Thread-safe. The path of a healthy endpoint takes no lock; the listener is told outside of it.
 */
final class EndpointHealth {

  /** The ticket of a call that is not sent. */
  static final int REFUSED = -1;

  /** Added to the ticket of a probe. */
  private static final int PROBE = 1;

  /** So that tickets stay positive. */
  private static final int MOST_EPOCHS = 1 << 30;

  private static final double DEGRADED = 0.1;
  private static final int SUCCESSES = 2;
  private static final int MOST_DOUBLINGS = 30;
  private static final long REST_NANOS = Duration.ofSeconds(1).toNanos();
  private static final Duration NEVER = Duration.ofDays(10_000);

  private final BreakerPolicy policy;
  private final RandomGenerator random;
  private final CircuitBreaker<Object> breaker;
  private final ResultWindow results;
  private final StateTeller teller;
  private final ReentrantLock lock = new ReentrantLock();

  /** Healthy, and nothing has failed since the last success, which the breaker must hear of. */
  private volatile boolean calm;

  private volatile boolean known;
  private volatile boolean lastFailed;
  private volatile long lastTried;
  private volatile long downSince;
  private volatile long downUntil;
  private long upSince;
  private int doublings = -1;
  private int probing;

  /** How often probes were begun: calls sent before are no news when they fail. */
  private volatile int epoch;

  EndpointHealth(
      Endpoint endpoint,
      BreakerPolicy policy,
      ServingListener listener,
      RandomGenerator random,
      long nowNanos) {
    this.policy = policy;
    this.random = random;
    this.results = new ResultWindow(policy.window(), nowNanos);
    this.teller = new StateTeller(endpoint, listener);
    this.upSince = nowNanos;
    this.lastTried = nowNanos;
    this.breaker = CircuitBreaker.builder()
        .withFailureThreshold(Math.max(1, policy.consecutive()))
        .withSuccessThreshold(SUCCESSES)
        .withDelay(NEVER)
        .build();
  }

  /**
   * Whether a call may be sent.
   *
   * @return {@link #REFUSED}, or a ticket that is handed back once, with {@link #succeeded},
   *     {@link #failed} or {@link #ignored}
   */
  int admit(long nowNanos) {
    if (calm) {
      return ticket();
    }
    lastTried = nowNanos;
    if (breaker.isClosed()) {
      return ticket();
    }
    int ticket;
    lock.lock();
    try {
      ticket = breaker.isClosed() ? ticket() : admitProbe(nowNanos);
    } finally {
      lock.unlock();
    }
    teller.tell();
    return ticket;
  }

  private int admitProbe(long nowNanos) {
    if (breaker.isOpen()) {
      if (nowNanos - downUntil < 0) {
        return REFUSED;
      }
      breaker.halfOpen();
      epoch = (epoch + 1) % MOST_EPOCHS;
      probing = 0;
      update(nowNanos);
    }
    if (probing >= policy.probes()) {
      return REFUSED;
    }
    probing++;
    return ticket() + PROBE;
  }

  /** Twice the epoch: a number, so that a call costs no object. */
  private int ticket() {
    return 2 * epoch;
  }

  private boolean isOld(int ticket) {
    return ticket / 2 != epoch;
  }

  /** The endpoint answered. */
  void succeeded(int ticket, long nowNanos) {
    results.succeeded(nowNanos);
    if (calm) {
      return;
    }
    lock.lock();
    try {
      known = true;
      lastFailed = false;
      if (breaker.isClosed() || endsProbe(ticket)) {
        recordSuccess(nowNanos);
      }
      update(nowNanos);
    } finally {
      lock.unlock();
    }
    teller.tell();
  }

  private void recordSuccess(long nowNanos) {
    var wasClosed = breaker.isClosed();
    breaker.recordSuccess();
    if (!wasClosed && breaker.isClosed()) {
      // What was counted before says nothing of now, and would bring it down again.
      results.clear();
      upSince = nowNanos;
    }
  }

  /**
   * The endpoint did not answer, or not in time. Of a call sent before it was last down this is no
   * news: it would bring down again what has come back since.
   */
  void failed(int ticket, long nowNanos) {
    lock.lock();
    try {
      if (isOld(ticket)) {
        return;
      }
      results.failed(nowNanos);
      calm = false;
      known = true;
      lastFailed = true;
      lastTried = nowNanos;
      if (policy.isOn()) {
        recordFailure(ticket, nowNanos);
      }
      update(nowNanos);
    } finally {
      lock.unlock();
    }
    teller.tell();
  }

  /** While it is down or tried again, only the failure of a probe is news. */
  private void recordFailure(int ticket, long nowNanos) {
    if (breaker.isClosed()) {
      breaker.recordFailure();
      if (breaker.isClosed() && isFailing(nowNanos)) {
        breaker.open();
      }
      if (breaker.isOpen()) {
        var relapse = nowNanos - upSince < Durations.nanos(policy.window());
        goDown(relapse, nowNanos);
        downSince = nowNanos;
      }
    } else if (endsProbe(ticket)) {
      breaker.recordFailure();
      goDown(true, nowNanos);
    }
  }

  private boolean isFailing(long nowNanos) {
    var counts = results.counts(nowNanos);
    return counts.all() >= policy.minResults() && counts.failureRate() >= policy.failureRate();
  }

  private void goDown(boolean again, long nowNanos) {
    doublings = again ? Math.min(MOST_DOUBLINGS, doublings + 1) : 0;
    var most = (double) Durations.nanos(policy.maxHoldDown());
    var first = (double) Durations.nanos(policy.holdDown());
    var full = Math.min(most, first * Math.pow(2, doublings));
    downUntil = nowNanos + (long) (full * (1 + random.nextDouble()) / 2);
  }

  /** What became of the call says nothing of the endpoint. */
  void ignored(int ticket) {
    if (!isProbe(ticket)) {
      return;
    }
    lock.lock();
    try {
      var unused = endsProbe(ticket);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives a probe's place to the next one; false for what is no probe, or one of an earlier try.
   */
  private boolean endsProbe(int ticket) {
    var current = isProbe(ticket) && !isOld(ticket) && breaker.isHalfOpen();
    if (current) {
      probing--;
    }
    return current;
  }

  private static boolean isProbe(int ticket) {
    return ticket % 2 == PROBE;
  }

  private void update(long nowNanos) {
    var state = state(nowNanos);
    calm = state == EndpointState.HEALTHY && !lastFailed;
    teller.enter(state);
  }

  EndpointState state(long nowNanos) {
    if (!known) {
      return EndpointState.PROBING;
    }
    return switch (breaker.getState()) {
      case OPEN -> nowNanos - downUntil < 0 ? EndpointState.DOWN : EndpointState.PROBING;
      case HALF_OPEN -> EndpointState.PROBING;
      case CLOSED -> calm || !isDegraded(nowNanos) ? EndpointState.HEALTHY : EndpointState.DEGRADED;
    };
  }

  /** A single failure among many answers is none of its state: it would flap under load. */
  private boolean isDegraded(long nowNanos) {
    var counts = results.counts(nowNanos);
    return counts.failureRate() >= DEGRADED || (lastFailed && counts.successes() == 0);
  }

  /**
   * Whether it may be sent what is not strictly needed: it is healthy, or nothing is known of it,
   * or it is not and has not been tried for a second, so that an endpoint which gets nothing else
   * is found to be well again.
   */
  boolean takesMore(long nowNanos) {
    return switch (state(nowNanos)) {
      case HEALTHY -> true;
      case DOWN -> false;
      case PROBING, DEGRADED -> !known || nowNanos - lastTried >= REST_NANOS;
    };
  }

  /** For how long it has been down, probes included. */
  Duration downFor(long nowNanos) {
    return Duration.ofNanos(nowNanos - downSince);
  }
}
