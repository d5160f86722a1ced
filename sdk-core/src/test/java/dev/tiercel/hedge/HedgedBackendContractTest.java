package dev.tiercel.hedge;

import dev.tiercel.backend.Backend;
import dev.tiercel.budget.AttemptBudget;
import dev.tiercel.budget.BudgetPolicy;
import dev.tiercel.builtin.Backends;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.testing.FakeTimeBackendContract;
import java.util.List;

class HedgedBackendContractTest extends FakeTimeBackendContract {

  @Override
  protected Backend create() {
    return over(Backends.inMemoryCache(16 << 20, time), List.of(), ReplicaReads.HEDGE);
  }

  HedgedBackend over(Backend backend, List<Route> replicas, ReplicaReads reads) {
    return new HedgedBackend(
        Route.main(backend, new FakeEndpoint("primary")),
        replicas,
        HedgePolicy.defaults(),
        reads,
        new AttemptBudget(BudgetPolicy.defaults(), time),
        ServingListener.NONE,
        time);
  }
}
