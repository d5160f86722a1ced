package dev.tiercel.guard;

import dev.tiercel.backend.Backend;
import dev.tiercel.budget.AttemptBudget;
import dev.tiercel.budget.BudgetPolicy;
import dev.tiercel.builtin.Backends;
import dev.tiercel.health.Endpoint;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.testing.FakeTimeBackendContract;

class RetryingBackendContractTest extends FakeTimeBackendContract {

  @Override
  protected Backend create() {
    return new RetryingBackend(
        Backends.inMemoryStore(16 << 20, time),
        Endpoint.primary("memory", ""),
        RetryPolicy.defaults(),
        new AttemptBudget(BudgetPolicy.defaults(), time),
        ServingListener.NONE,
        new Fraction(0.5),
        time);
  }
}
