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

/** The layers a client puts around a remote backend with one endpoint, at their defaults. */
final class GuardLayers {

  private static final int SEED = 20_260_101;

  private GuardLayers() {}

  static Backend around(Backend adapter, Time time) {
    var random = new SplittableRandom(SEED);
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
        HedgePolicy.defaults(),
        ReplicaReads.HEDGE,
        budget,
        ServingListener.NONE,
        time);
    return new RetryingBackend(
        hedged, endpoint, RetryPolicy.defaults(), budget, ServingListener.NONE, random, time);
  }
}
