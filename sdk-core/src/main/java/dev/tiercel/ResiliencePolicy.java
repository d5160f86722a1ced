package dev.tiercel;

import static java.util.Objects.requireNonNull;

import dev.tiercel.budget.BudgetPolicy;
import dev.tiercel.guard.BreakerPolicy;
import dev.tiercel.guard.LimiterPolicy;
import dev.tiercel.guard.RetryPolicy;
import dev.tiercel.hedge.HedgePolicy;
import dev.tiercel.hedge.ReplicaReads;

/**
 * How the calls to a backend are kept short without making a bad day of it worse. Keyspaces that
 * share a backend share its limiter, breaker and budget, so they name the same policy.
 *
 * @param limiter how many calls each endpoint may have in flight; its upper bound is that of the
 *     keyspace's {@code maxInFlight} if that is smaller
 * @param breaker when an endpoint counts as down, and when it is tried again
 * @param retry how often a failed call is made again
 * @param budget how much hedges and retries together may add
 * @param hedge when a slow read is sent a second time
 * @param replicas what replicas are read for, if there are any
 */
public record ResiliencePolicy(
    LimiterPolicy limiter,
    BreakerPolicy breaker,
    RetryPolicy retry,
    BudgetPolicy budget,
    HedgePolicy hedge,
    ReplicaReads replicas) {

  /** Requires all parts. */
  public ResiliencePolicy {
    requireNonNull(limiter, "limiter");
    requireNonNull(breaker, "breaker");
    requireNonNull(retry, "retry");
    requireNonNull(budget, "budget");
    requireNonNull(hedge, "hedge");
    requireNonNull(replicas, "replicas");
  }

  /** Everything at its own defaults; replicas are read as hedges only. */
  public static ResiliencePolicy defaults() {
    return new ResiliencePolicy(
        LimiterPolicy.defaults(),
        BreakerPolicy.defaults(),
        RetryPolicy.defaults(),
        BudgetPolicy.defaults(),
        HedgePolicy.defaults(),
        ReplicaReads.HEDGE);
  }

  /** The same policy with another limiter. */
  public ResiliencePolicy limiter(LimiterPolicy other) {
    return new ResiliencePolicy(other, breaker, retry, budget, hedge, replicas);
  }

  /** The same policy with another breaker. */
  public ResiliencePolicy breaker(BreakerPolicy other) {
    return new ResiliencePolicy(limiter, other, retry, budget, hedge, replicas);
  }

  /** The same policy with other retries. */
  public ResiliencePolicy retry(RetryPolicy other) {
    return new ResiliencePolicy(limiter, breaker, other, budget, hedge, replicas);
  }

  /** The same policy with another budget. */
  public ResiliencePolicy budget(BudgetPolicy other) {
    return new ResiliencePolicy(limiter, breaker, retry, other, hedge, replicas);
  }

  /** The same policy with other hedging. */
  public ResiliencePolicy hedge(HedgePolicy other) {
    return new ResiliencePolicy(limiter, breaker, retry, budget, other, replicas);
  }

  /** The same policy with another use of replicas. */
  public ResiliencePolicy replicas(ReplicaReads other) {
    return new ResiliencePolicy(limiter, breaker, retry, budget, hedge, other);
  }
}
