package dev.tiercel.region;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Freshness;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.budget.AttemptBudget;
import dev.tiercel.budget.BudgetPolicy;
import dev.tiercel.error.ServingException;
import dev.tiercel.observe.Detour;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Three regions in the hands of a test, the nearest first, and what is heard of them. */
final class Given implements Choice, ServingListener {

  static final Duration DEADLINE = Duration.ofMillis(100);

  /** A little longer than a warm region is waited for. */
  static final Duration SLOW = Duration.ofNanos(3_200_000);

  final FakeTime time = new FakeTime();
  final FakeRegion a;
  final FakeRegion b;
  final FakeRegion c;
  final List<String> heard = new ArrayList<>();

  /** The keys told of before the read ended, in order, with what they were told. */
  final List<String> told = new ArrayList<>();

  AttemptBudget budget = new AttemptBudget(BudgetPolicy.defaults(), time);
  Reads reads;

  private final List<Candidate> all;
  private final List<Candidate> reversed;
  private int current;
  private RegionLoss loss = RegionLoss.REMOTE;
  private WritePolicy writes = WritePolicy.anywhere();

  private Given(int regions, Feature... features) {
    a = new FakeRegion("a", features);
    b = new FakeRegion("b", features);
    c = new FakeRegion("c", features);
    all =
        List.of(a, b, c).subList(0, regions).stream().map(FakeRegion::candidate).toList();
    var backwards = new ArrayList<>(all);
    Collections.reverse(backwards);
    reversed = List.copyOf(backwards);
    reads = reads();
  }

  /** Regions a and b. */
  static Given two() {
    return new Given(2, Feature.VERSIONS);
  }

  /** Regions a and b, whose sources have no versions. */
  static Given unversioned() {
    return new Given(2);
  }

  /** Regions a, b and c. */
  static Given three() {
    return new Given(3, Feature.VERSIONS);
  }

  private Reads reads() {
    return new Reads(routing(), budget, this, time);
  }

  Routing routing() {
    return new Routing(this, loss, writes, Reads.SLOW, time);
  }

  Given loss(RegionLoss other) {
    loss = other;
    reads = reads();
    return this;
  }

  Given writes(WritePolicy other) {
    writes = other;
    reads = reads();
    return this;
  }

  /** With a budget that holds no more than its burst, and is paid nothing in. */
  Given burst(int tokens) {
    var policy = BudgetPolicy.defaults().ratio(0).burst(tokens);
    budget = new AttemptBudget(policy, time);
    reads = reads();
    return this;
  }

  /** This process follows another region. */
  void follow(FakeRegion region) {
    for (var index = 0; index < all.size(); index++) {
      current = all.get(index).region().name().equals(region.region()) ? index : current;
    }
  }

  /** So many reads of region a have been answered within 2 ms each. */
  Given warm() {
    for (var count = 0; count < 120; count++) {
      var answer = get("warm");
      time.advance(Duration.ofMillis(2));
      a.read().found(1);
      answer.join();
    }
    a.reads.clear();
    a.health.ended.clear();
    a.health.began.set(0);
    told.clear();
    return this;
  }

  static ReadRequest read(String... keys) {
    return ReadRequest.of("k", Arrays.asList(keys));
  }

  static ReadRequest atLeast(long version, String... keys) {
    return read(keys).withFreshness(new Freshness(version, Duration.ofDays(1)));
  }

  static ReadRequest consistent(String... keys) {
    return read(keys).withFreshness(Freshness.CONSISTENT);
  }

  CompletableFuture<ReadResult> get(String... keys) {
    return get(read(keys));
  }

  CompletableFuture<ReadResult> get(ReadRequest request) {
    return get(request, false);
  }

  CompletableFuture<ReadResult> get(ReadRequest request, boolean acceptBehind) {
    var deadline = Deadline.after(DEADLINE, time);
    return reads.read(
        request,
        CallContext.of(deadline),
        deadline,
        (index, outcome) -> told.add(request.keys().get(index) + ": " + text(outcome)),
        acceptBehind);
  }

  /** Reads, and lets the first region be slow. */
  CompletableFuture<ReadResult> slow(String... keys) {
    var answer = get(keys);
    time.advance(SLOW);
    return answer;
  }

  private static String text(ReadOutcome outcome) {
    return outcome instanceof ReadOutcome.Failed ? "failed" : Long.toString(outcome.version());
  }

  static ReadOutcome outcome(CompletableFuture<ReadResult> answer, int position) {
    if (!answer.isDone()) {
      throw new AssertionError("answer: none (expected: one)");
    }
    return answer.join().outcomes().get(position);
  }

  static long version(CompletableFuture<ReadResult> answer) {
    return ((ReadOutcome.Found) outcome(answer, 0)).version();
  }

  static Origin origin(CompletableFuture<ReadResult> answer) {
    return ((ReadOutcome.Found) outcome(answer, 0)).origin();
  }

  static ServingException failure(CompletableFuture<ReadResult> answer) {
    return ((ReadOutcome.Failed) outcome(answer, 0)).cause();
  }

  @Override
  public Candidate current() {
    return all.get(current);
  }

  /** Keys that begin with z are read the other way round. */
  @Override
  public List<Candidate> order(String key, long nowNanos) {
    return key.startsWith("z") ? reversed : all;
  }

  @Override
  public List<Candidate> all() {
    return all;
  }

  @Override
  public void onDetour(String keyspace, String from, String to, int keys, Detour why) {
    heard.add(from + " to " + to + " for " + keys + ": " + why);
  }
}
