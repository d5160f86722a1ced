package dev.tiercel.hedge;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Freshness;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.budget.AttemptBudget;
import dev.tiercel.budget.BudgetPolicy;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.health.Endpoint;
import dev.tiercel.observe.Refusal;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A hedged backend over endpoints in the hands of a test, and what its listener hears. */
final class Given implements ServingListener {

  static final Duration LAG = Duration.ofMillis(10);
  static final Duration DEADLINE = Duration.ofMillis(50);

  /** A little longer than a warm backend waits before it hedges. */
  static final Duration SLOW = Duration.ofNanos(1_100_000);

  final FakeTime time = new FakeTime();
  final FakeEndpoint main = new FakeEndpoint("primary", Feature.HEDGED_READS);
  final List<FakeEndpoint> replicas = new ArrayList<>();
  final List<String> heard = new ArrayList<>();
  AttemptBudget budget = new AttemptBudget(BudgetPolicy.defaults(), time);
  HedgedBackend backend;

  private HedgePolicy policy = HedgePolicy.defaults().maxHedges(1);
  private ReplicaReads reads = ReplicaReads.HEDGE;

  private Given(int replicaCount) {
    for (var number = 1; number <= replicaCount; number++) {
      replicas.add(new FakeEndpoint("replica-" + number));
    }
    backend = backend(main);
  }

  /** A backend with one endpoint, worth asking twice. */
  static Given alone() {
    return new Given(0);
  }

  /** A backend with replicas. */
  static Given replicas(int count) {
    return new Given(count);
  }

  private HedgedBackend backend(FakeEndpoint primary) {
    var routes = replicas.stream().map(replica -> replica.replica(LAG)).toList();
    return new HedgedBackend(primary.main(), routes, policy, reads, budget, this, time);
  }

  Given policy(HedgePolicy other) {
    policy = other;
    backend = backend(main);
    return this;
  }

  /** With the first replica in another zone. */
  Given firstReplicaFar() {
    replica().near = false;
    backend = backend(main);
    return this;
  }

  Given spread() {
    reads = ReplicaReads.SPREAD;
    backend = backend(main);
    return this;
  }

  /** With a budget that holds no more than its burst. */
  Given budget(BudgetPolicy other) {
    budget = new AttemptBudget(other.hold(Duration.ofNanos(1)), time);
    backend = backend(main);
    return this;
  }

  /** So many plain reads of one key have been answered by the main endpoint within 1 ms each. */
  Given warm() {
    return warm(read("warm"));
  }

  Given warm(ReadRequest request) {
    replicas.forEach(replica -> replica.takesMore = false);
    for (var count = 0; count < 120; count++) {
      var answer = backend.read(request, context());
      time.advance(Duration.ofMillis(1));
      main.lastRead().found(1);
      answer.join();
    }
    time.advance(LAG.plus(Duration.ofMillis(500)));
    replicas.forEach(replica -> replica.takesMore = true);
    main.reads.clear();
    heard.clear();
    return this;
  }

  /** Reads as often as it takes for a replica to be asked first. */
  CompletableFuture<ReadResult> readAtReplica(ReadRequest request) {
    var before = replica().reads.size();
    for (var turn = 0; turn < replicas.size(); turn++) {
      var answer = backend.read(request, context());
      if (replica().reads.size() > before) {
        return answer;
      }
      main.lastRead().found(1);
    }
    return backend.read(request, context());
  }

  FakeEndpoint replica() {
    return replicas.get(0);
  }

  static ReadRequest read(String... keys) {
    return ReadRequest.of("k", Arrays.asList(keys));
  }

  static ReadRequest leased(String... keys) {
    return read(keys).withLease(Duration.ofSeconds(1));
  }

  static ReadRequest consistent(String... keys) {
    return read(keys).withFreshness(Freshness.CONSISTENT);
  }

  CallContext context() {
    return CallContext.of(Deadline.after(DEADLINE, time));
  }

  CompletableFuture<ReadResult> get(String... keys) {
    return backend.read(read(keys), context());
  }

  /** Reads, and lets it be slow. */
  CompletableFuture<ReadResult> slow(ReadRequest request) {
    var answer = backend.read(request, context());
    time.advance(SLOW);
    return answer;
  }

  static ReadOutcome failed(String what) {
    return new ReadOutcome.Failed(unavailable(what));
  }

  static Unavailable unavailable(String what) {
    return new Unavailable(what, Where.at("fake", "here"), null);
  }

  static long version(CompletableFuture<ReadResult> answer, int position) {
    return ((ReadOutcome.Found) outcome(answer, position)).entry().version();
  }

  static long version(CompletableFuture<ReadResult> answer) {
    return version(answer, 0);
  }

  static ServingException failure(CompletableFuture<ReadResult> answer) {
    return ((ReadOutcome.Failed) outcome(answer, 0)).cause();
  }

  static ReadOutcome outcome(CompletableFuture<ReadResult> answer, int position) {
    if (!answer.isDone()) {
      throw new AssertionError("answer: none (expected: one)");
    }
    return answer.join().outcomes().get(position);
  }

  @Override
  public void onRefusal(Endpoint endpoint, Refusal why) {
    heard.add(endpoint.id() + ": " + why);
  }

  @Override
  public void onHedge(Endpoint slow, Endpoint asked, int keys) {
    heard.add(slow.id() + " is slow: " + asked.id() + " asked for " + keys);
  }

  @Override
  public void onHedgeWon(Endpoint endpoint, int keys) {
    heard.add(endpoint.id() + " won " + keys);
  }
}
