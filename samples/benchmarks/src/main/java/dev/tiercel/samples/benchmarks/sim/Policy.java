package dev.tiercel.samples.benchmarks.sim;

import dev.tiercel.backend.Backend;
import dev.tiercel.budget.AttemptBudget;
import dev.tiercel.budget.BudgetPolicy;
import dev.tiercel.health.Endpoint;
import dev.tiercel.hedge.HedgePolicy;
import dev.tiercel.hedge.HedgedBackend;
import dev.tiercel.hedge.ReplicaReads;
import dev.tiercel.hedge.Route;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.samples.benchmarks.GuardLayers;
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
      return GuardLayers.around(server, HedgePolicy.off(), random, time);
    }
  },
  /** Ours, as it is by default. */
  OURS("ours") {
    @Override
    public Backend around(Backend server, VirtualTime time, SplittableRandom random) {
      return GuardLayers.around(server, HedgePolicy.defaults(), random, time);
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
