package dev.tiercel.samples.benchmarks;

import dev.tiercel.backend.Backend;
import dev.tiercel.budget.AttemptBudget;
import dev.tiercel.budget.BudgetPolicy;
import dev.tiercel.guard.BreakerPolicy;
import dev.tiercel.guard.GuardedBackend;
import dev.tiercel.guard.LimiterPolicy;
import dev.tiercel.guard.RetryPolicy;
import dev.tiercel.guard.RetryingBackend;
import dev.tiercel.health.Endpoint;
import dev.tiercel.hedge.HedgePolicy;
import dev.tiercel.hedge.HedgedBackend;
import dev.tiercel.hedge.ReplicaReads;
import dev.tiercel.hedge.Route;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.time.Time;
import java.util.List;
import java.util.SplittableRandom;

/** The layers a client puts around a remote backend with one endpoint. */
public final class GuardLayers {

  private GuardLayers() {}

  /**
   * The layers at their defaults, but for the hedge.
   *
   * @param random where chance comes from; two generators are split off
   */
  public static Backend around(
      Backend adapter, HedgePolicy hedge, SplittableRandom random, Time time) {
    var endpoint = Endpoint.primary(adapter.name(), adapter.region());
    var guarded = new GuardedBackend(
        adapter,
        endpoint,
        LimiterPolicy.defaults(),
        BreakerPolicy.defaults(),
        ServingListener.NONE,
        random.split(),
        time);
    var budget = new AttemptBudget(BudgetPolicy.defaults(), time);
    var hedged = new HedgedBackend(
        Route.main(guarded, guarded.vitals()),
        List.of(),
        hedge,
        ReplicaReads.HEDGE,
        budget,
        ServingListener.NONE,
        time);
    return new RetryingBackend(
        hedged,
        endpoint,
        RetryPolicy.defaults(),
        budget,
        ServingListener.NONE,
        random.split(),
        time);
  }
}
