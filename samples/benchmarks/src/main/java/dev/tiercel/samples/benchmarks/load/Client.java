package dev.tiercel.samples.benchmarks.load;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.batch.GatheringBackend;
import dev.tiercel.batch.SplittingBackend;
import dev.tiercel.budget.AttemptBudget;
import dev.tiercel.budget.BudgetPolicy;
import dev.tiercel.guard.BreakerPolicy;
import dev.tiercel.guard.GuardedBackend;
import dev.tiercel.guard.LimiterPolicy;
import dev.tiercel.guard.RetryPolicy;
import dev.tiercel.guard.RetryingBackend;
import dev.tiercel.health.Endpoint;
import dev.tiercel.health.Vitals;
import dev.tiercel.hedge.HedgePolicy;
import dev.tiercel.hedge.HedgedBackend;
import dev.tiercel.hedge.ReplicaReads;
import dev.tiercel.hedge.Route;
import dev.tiercel.redis.RedisBackend;
import dev.tiercel.redis.RedisOptions;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.SystemTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/** A client of a {@link RedisGroup}, with connections, layers and timers of its own. */
final class Client implements AutoCloseable {

  static final int KEYS = 1_000;

  private static final String KEYSPACE = "load";
  private static final int VALUE_BYTES = 100;
  private static final int ON_THEIR_WAY = 8;
  private static final int PARTS = 64;
  private static final int WAITING = 1_024;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final List<ReadRequest> READS = IntStream.range(0, KEYS)
      .mapToObj(key -> ReadRequest.of(KEYSPACE, List.of("key:" + key)))
      .toList();

  private final SystemTime time = new SystemTime("load-timer");
  private final Counts counts = new Counts();
  private final LongAdder sent = new LongAdder();
  private final List<Vitals> vitals = new ArrayList<>();
  private final SplittableRandom random;
  private final LimiterPolicy limiter;
  private final Backend redis;
  private final Backend path;

  /**
   * Connects.
   *
   * @param group the Redis
   * @param hedge when a slow read is sent a second time
   * @param budget what that may cost
   * @param seed decides what the layers leave to chance
   */
  Client(RedisGroup group, HedgePolicy hedge, BudgetPolicy budget, long seed) {
    random = new SplittableRandom(seed);
    limiter = LimiterPolicy.defaults();
    redis = RedisBackend.connect(RedisOptions.of(group.primary()).replicas(group.replicas()));
    path = gathered(retried(hedge, new AttemptBudget(budget)));
  }

  /** As a keyspace does it: few reads on their way, what arrives meanwhile leaves together. */
  private Backend gathered(Backend single) {
    return new GatheringBackend(new SplittingBackend(single, PARTS), ON_THEIR_WAY, WAITING, time);
  }

  private Backend retried(HedgePolicy hedge, AttemptBudget budget) {
    var main = Endpoint.primary(redis.name(), redis.region());
    var routes = new ArrayList<Route>();
    for (var replica : redis.replicas()) {
      var endpoint = Endpoint.replica(redis.name(), redis.region(), routes.size() + 1);
      routes.add(route(replica.backend(), endpoint, replica.maxLag()));
    }
    var hedged = new HedgedBackend(
        route(redis, main, Duration.ZERO),
        routes,
        hedge,
        ReplicaReads.HEDGE,
        budget,
        counts,
        time);
    return new RetryingBackend(
        hedged, main, RetryPolicy.defaults(), budget, counts, random.split(), time);
  }

  private Route route(Backend adapter, Endpoint endpoint, Duration maxLag) {
    var guarded = new GuardedBackend(
        new CountingBackend(adapter, sent),
        endpoint,
        limiter,
        BreakerPolicy.defaults(),
        counts,
        random.split(),
        time);
    vitals.add(guarded.vitals());
    return new Route(guarded, guarded.vitals(), maxLag);
  }

  /** Writes every key, and waits for it. */
  void fill() {
    var entry = EncodedEntry.plain(new byte[VALUE_BYTES]).withVersion(1);
    for (var key = 0; key < KEYS; key++) {
      var put = new Mutation.Put("key:" + key, entry, new Condition.Always());
      path.write(new WriteRequest(KEYSPACE, List.of(put)), within(PATIENCE)).join();
    }
  }

  /** Reads one of the keys. */
  CompletableFuture<ReadResult> read(int key, Duration deadline) {
    return path.read(READS.get(key), within(deadline));
  }

  private CallContext within(Duration deadline) {
    return CallContext.of(Deadline.after(deadline, time));
  }

  Counts counts() {
    return counts;
  }

  /** Reads that were sent to endpoints. */
  long sent() {
    return sent.sum();
  }

  /** The most calls that are on their way to an endpoint now. */
  int inFlight() {
    return vitals.stream().mapToInt(Vitals::inFlight).max().orElse(0);
  }

  /** The most calls that may ever be on their way to an endpoint. */
  int limit() {
    return limiter.max();
  }

  @Override
  public void close() {
    redis.close();
    time.close();
  }
}
