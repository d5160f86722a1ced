package dev.tiercel.samples.benchmarks.sim;

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
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** What a client does about slow answers: the layers it puts around a server. */
enum Policy implements Layers {
  /** Deadlines and nothing else. */
  NONE("none") {
    @Override
    public Backend around(Backend server, VirtualTime time, SplittableRandom random) {
      var route = Route.main(server, new AlwaysWell(ENDPOINT));
      return hedged(route, HedgePolicy.off(), BudgetPolicy.defaults(), time);
    }
  },
  /** A second read whenever an answer takes 15 ms, at any price. */
  FIXED("hedge at 15 ms") {
    @Override
    public Backend around(Backend server, VirtualTime time, SplittableRandom random) {
      var route = Route.main(server, new AlwaysWell(ENDPOINT));
      var always = HedgePolicy.defaults().floor(DELAY).cap(DELAY).warmUp(1).maxHedges(1);
      return hedged(
          route, always, BudgetPolicy.defaults().ratio(1).burst(Integer.MAX_VALUE / 1_000), time);
    }
  },
  /** Ours without the hedge: deadlines, limiter, breaker and retries. */
  GUARD("ours, no hedge") {
    @Override
    public Backend around(Backend server, VirtualTime time, SplittableRandom random) {
      return ours(server, HedgePolicy.off(), time, random);
    }
  },
  /** Ours, as it is by default. */
  OURS("ours") {
    @Override
    public Backend around(Backend server, VirtualTime time, SplittableRandom random) {
      return ours(server, HedgePolicy.defaults(), time, random);
    }
  };

  private static final Endpoint ENDPOINT = Endpoint.primary("simulated", "");
  private static final Duration DELAY = Duration.ofMillis(15);

  private final String label;

  Policy(String label) {
    this.label = label;
  }

  /** What tables and charts call it. */
  String label() {
    return label;
  }

  private static Backend ours(
      Backend server, HedgePolicy hedge, VirtualTime time, SplittableRandom random) {
    var guarded = new GuardedBackend(
        server,
        ENDPOINT,
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
        ENDPOINT,
        RetryPolicy.defaults(),
        budget,
        ServingListener.NONE,
        random.split(),
        time);
  }

  private static Backend hedged(
      Route route, HedgePolicy hedge, BudgetPolicy budget, VirtualTime time) {
    return new HedgedBackend(
        route,
        List.of(),
        hedge,
        ReplicaReads.HEDGE,
        new AttemptBudget(budget, time),
        ServingListener.NONE,
        time);
  }
}
