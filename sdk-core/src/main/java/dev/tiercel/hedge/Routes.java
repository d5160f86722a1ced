package dev.tiercel.hedge;

import dev.tiercel.backend.Feature;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.health.EndpointState;
import dev.tiercel.time.Durations;
import dev.tiercel.time.Time;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which endpoint is asked: first, and in addition. Thread-safe. */
final class Routes {

  private final Route main;
  private final List<Route> replicas;
  private final List<Route> nearReplicas;
  private final List<Route> farReplicas;
  private final boolean mainTwice;
  private final boolean spread;
  private final Floors floors;
  private final Time time;
  private final AtomicInteger turn = new AtomicInteger();

  Routes(Route main, List<Route> replicas, ReplicaReads reads, Floors floors, Time time) {
    this.main = main;
    this.replicas = List.copyOf(replicas);
    this.nearReplicas = replicas.stream().filter(Route::near).toList();
    this.farReplicas = replicas.stream().filter(replica -> !replica.near()).toList();
    this.mainTwice = main.backend().capabilities().has(Feature.HEDGED_READS);
    this.spread = reads == ReplicaReads.SPREAD;
    this.floors = floors;
    this.time = time;
  }

  Route main() {
    return main;
  }

  /** Whether there is any other endpoint. */
  boolean hasReplicas() {
    return !replicas.isEmpty();
  }

  /** Where a read begins. */
  Route first(ReadRequest request) {
    // Only over what is near: a far zone is for when that fails.
    if (!spread || nearReplicas.isEmpty()) {
      return main;
    }
    var endpoints = nearReplicas.size() + 1;
    var next = Math.floorMod(turn.getAndIncrement(), endpoints);
    return next == nearReplicas.size() || !canServe(nearReplicas.get(next), request)
        ? main
        : nearReplicas.get(next);
  }

  /** Whether a read that began somewhere could be asked a second time at all. */
  boolean canHedge(Route first, ReadRequest request) {
    return first.isReplica()
        || mainTwice
        || (hasReplicas() && !request.freshness().consistent());
  }

  /**
   * Where a slow read is asked in addition: an endpoint that has not been asked, or else the main
   * one again; null if none takes more.
   *
   * @param asked whether an endpoint has been asked already
   */
  @Nullable
  Route another(ReadRequest request, Predicate<Route> asked) {
    if (!asked.test(main) && main.vitals().takesMore()) {
      return main;
    }
    var replica = replica(request, asked);
    if (replica != null) {
      return replica;
    }
    return mainTwice && asked.test(main) && main.vitals().takesMore() ? main : null;
  }

  /** A replica that has not been asked, a near one if there is one; null if none takes more. */
  @Nullable
  Route replica(ReadRequest request, Predicate<Route> asked) {
    var near = replica(request, asked, nearReplicas);
    return near == null ? replica(request, asked, farReplicas) : near;
  }

  private @Nullable Route replica(ReadRequest request, Predicate<Route> asked, List<Route> among) {
    var start = among.size() < 2 ? 0 : turn.getAndIncrement();
    for (var step = 0; step < among.size(); step++) {
      var replica = among.get(Math.floorMod(start + step, among.size()));
      if (!asked.test(replica) && canServe(replica, request)) {
        return replica;
      }
    }
    return null;
  }

  private boolean canServe(Route replica, ReadRequest request) {
    // Which a consistent read's is not.
    return request.freshness().maxAge().compareTo(replica.maxLag()) > 0
        && takesMore(replica)
        && floors.cover(time.nanos() - Durations.nanos(replica.maxLag()));
  }

  /** One that is not known, or was down, gets one call at a time: it is how it becomes known. */
  private static boolean takesMore(Route replica) {
    var vitals = replica.vitals();
    return vitals.state() == EndpointState.PROBING ? vitals.inFlight() == 0 : vitals.takesMore();
  }
}
