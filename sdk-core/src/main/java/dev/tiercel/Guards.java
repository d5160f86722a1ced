package dev.tiercel;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.Replica;
import dev.tiercel.budget.AttemptBudget;
import dev.tiercel.guard.GuardedBackend;
import dev.tiercel.guard.RetryingBackend;
import dev.tiercel.health.Endpoint;
import dev.tiercel.health.Vitals;
import dev.tiercel.hedge.HedgedBackend;
import dev.tiercel.hedge.Route;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What stands around each backend of a client, once for all keyspaces that share it: what one of
 * them learns of it holds for the others, and what they may send is bounded together. Thread-safe.
 */
final class Guards {

  /**
   * A backend that ends every call by its deadline and fails none of its futures.
   *
   * @param vitals of all its endpoints, the main one first
   */
  record Guarded(RetryingBackend backend, ResiliencePolicy policy, List<Vitals> vitals) {

    /** How many calls its main endpoint may have in flight now. */
    int limit() {
      return vitals.get(0).limit();
    }
  }

  private final String zone;
  private final ServingListener listener;
  private final RandomGenerator random;
  private final Time time;
  private final IdentityHashMap<Backend, Guarded> guarded = new IdentityHashMap<>();

  /**
   * Guards nothing yet.
   *
   * @param zone the process's own zone, empty if it is not known
   * @param listener hears of attempts, refusals and states
   * @param random the jitter
   * @param time the clock and the timers
   */
  Guards(String zone, ServingListener listener, RandomGenerator random, Time time) {
    this.zone = zone;
    this.listener = listener;
    this.random = random;
    this.time = time;
  }

  /**
   * The guarded backend.
   *
   * @throws IllegalArgumentException if another keyspace uses it under another policy
   */
  synchronized Guarded around(Backend adapter, ResiliencePolicy policy) {
    var known = guarded.get(adapter);
    if (known == null) {
      known = guard(adapter, policy);
      guarded.put(adapter, known);
    }
    if (!known.policy.equals(policy)) {
      throw new IllegalArgumentException("resilience: not that of the other keyspaces on "
          + adapter.name() + " (expected: the same, bounds on calls in flight included)");
    }
    return known;
  }

  /** How the endpoints of a guarded backend are doing, the main one first. */
  synchronized List<Vitals> vitals(Backend adapter) {
    var known = guarded.get(adapter);
    if (known == null) {
      throw new IllegalStateException(
          "backend: " + adapter.name() + " is not guarded (expected: to be)");
    }
    return known.vitals;
  }

  /** How all endpoints are doing. */
  synchronized List<Vitals> vitals() {
    return guarded.values().stream().flatMap(each -> each.vitals.stream()).toList();
  }

  /** Nothing is sent again any more. */
  void giveUp() {
    List<Guarded> all;
    synchronized (this) {
      all = List.copyOf(guarded.values());
    }
    all.forEach(each -> each.backend.giveUp());
  }

  private Guarded guard(Backend adapter, ResiliencePolicy policy) {
    var name = name(adapter);
    var main = Endpoint.primary(name, adapter.region());
    var budget = new AttemptBudget(policy.budget(), time);
    var route = route(adapter, main, Duration.ZERO, true, policy);
    var replicas = replicas(adapter, name, policy);
    // Above the guards of the endpoints, which count what it sends to each.
    var hedged = new HedgedBackend(
        route, replicas, policy.hedge(), policy.replicas(), budget, listener, time);
    // Above the hedge: a call is made again only when every attempt of it has failed.
    var path = new RetryingBackend(hedged, main, policy.retry(), budget, listener, random, time);
    var vitals = new ArrayList<Vitals>(List.of(route.vitals()));
    replicas.forEach(replica -> vitals.add(replica.vitals()));
    return new Guarded(path, policy, List.copyOf(vitals));
  }

  /** What listeners know it by: a second Redis in the same region is {@code redis-2}. */
  private String name(Backend adapter) {
    var same = guarded.keySet().stream()
        .filter(other -> other.name().equals(adapter.name()))
        .filter(other -> other.region().equals(adapter.region()))
        .count();
    return same == 0 ? adapter.name() : adapter.name() + "-" + (same + 1);
  }

  private List<Route> replicas(Backend adapter, String name, ResiliencePolicy policy) {
    var routes = new ArrayList<Route>();
    for (Replica replica : adapter.replicas()) {
      var endpoint = Endpoint.replica(name, adapter.region(), routes.size() + 1);
      routes.add(route(replica.backend(), endpoint, replica.maxLag(), isNear(replica), policy));
    }
    return routes;
  }

  /** Whether a replica is in the process's own zone, as far as both are known. */
  private boolean isNear(Replica replica) {
    return zone.isEmpty() || replica.zone().isEmpty() || zone.equals(replica.zone());
  }

  private Route route(
      Backend backend, Endpoint endpoint, Duration maxLag, boolean near, ResiliencePolicy policy) {
    // Innermost: what it waits for and counts is the adapter's own call, and nothing above sees a
    // thrown exception.
    var guard = new GuardedBackend(
        backend, endpoint, policy.limiter(), policy.breaker(), listener, random, time);
    return new Route(guard, guard.vitals(), maxLag, near);
  }
}
