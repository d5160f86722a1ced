package dev.tiercel.region;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.budget.AttemptBudget;
import dev.tiercel.health.DelayPolicy;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.tier.Tiers;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The reads of a keyspace over its regions, see {@link RoutedRead}; and copies of reads, which tell
 * how the regions are doing that are not read from. Thread-safe.
 */
final class Reads {

  /** The slowest 1 %, after 2 ms to 1 s, judged by the last half minute and 100 answers. */
  static final DelayPolicy SLOW = new DelayPolicy(
      true, 0.99, Duration.ofMillis(2), Duration.ofSeconds(1), 100, Duration.ofSeconds(30));

  private final Routing routing;
  private final AttemptBudget budget;
  private final ServingListener listener;
  private final Time time;
  private final List<RegionProbe> probes;

  /**
   * Puts the regions of a keyspace together.
   *
   * @param routing which way each read goes
   * @param budget pays for what is asked of a second region; reads that the first has answered pay
   *     in
   * @param listener hears of detours
   * @param time the clock
   */
  Reads(Routing routing, AttemptBudget budget, ServingListener listener, Time time) {
    this.routing = routing;
    this.budget = budget;
    this.listener = listener;
    this.time = time;
    this.probes =
        routing.lanes().stream().map(lane -> new RegionProbe(lane, time)).toList();
  }

  AttemptBudget budget() {
    return budget;
  }

  ServingListener listener() {
    return listener;
  }

  Time time() {
    return time;
  }

  boolean isCurrent(Lane lane) {
    return routing.isCurrent(lane);
  }

  boolean areAllWhoCount(long regions) {
    return routing.areAllWhoCount(regions);
  }

  /**
   * Reads keys, each where it is best read.
   *
   * @param patience as in {@link Tiers#read(ReadRequest, CallContext, Deadline, Tiers.Early)}
   * @param early as there
   * @param acceptBehind whether what is older than the request's {@code atLeast} will do, where no
   *     region has anything newer
   * @return never fails, unless it is cancelled, which reaches all who were asked
   */
  CompletableFuture<ReadResult> read(
      ReadRequest request,
      CallContext context,
      Deadline patience,
      Tiers.Early early,
      boolean acceptBehind) {
    var now = time.nanos();
    var ask = new Ask(request, context, patience, acceptBehind);
    var common = routing.common(request, now);
    var way = common == null ? routing.of(request.keys().get(0), now) : common;
    var read = common != null || areAllOf(way, request, now)
        ? new RoutedRead(this, ask, way, early).begin(now)
        : new SplitRead(this, ask, early).begin(ways(request, now), now);
    offerCopies(request.keys().get(0), way.first(), now);
    return read;
  }

  @SuppressWarnings("ReferenceEquality") // orders are told apart by identity
  private boolean areAllOf(Way way, ReadRequest request, long now) {
    for (var index = 1; index < request.keys().size(); index++) {
      if (routing.of(request.keys().get(index), now).order() != way.order()) {
        return false;
      }
    }
    return true;
  }

  /** Which keys, by their positions, go which way. */
  private List<SplitRead.Part> ways(ReadRequest request, long now) {
    var parts = new IdentityHashMap<List<Choice.Candidate>, SplitRead.Part>();
    for (var position = 0; position < request.keys().size(); position++) {
      var way = routing.of(request.keys().get(position), now);
      parts
          .computeIfAbsent(way.order(), order -> new SplitRead.Part(way, new ArrayList<>()))
          .positions()
          .add(position);
    }
    return List.copyOf(parts.values());
  }

  private void offerCopies(String key, Lane asked, long now) {
    for (var probe : probes) {
      probe.offer(key, asked, now);
    }
  }
}
