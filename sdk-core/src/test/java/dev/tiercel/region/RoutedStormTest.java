package dev.tiercel.region;

import static dev.tiercel.region.FakeRegion.failed;
import static dev.tiercel.region.FakeRegion.found;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.budget.AttemptBudget;
import dev.tiercel.budget.BudgetPolicy;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.Where;
import dev.tiercel.health.DelayPolicy;
import dev.tiercel.observe.Detour;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.SystemTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Answers, failures, hedges, what is behind, deadlines and leaving callers on real threads. */
class RoutedStormTest {

  private static final int READS = 3_000;
  private static final int BURST = 700;
  private static final List<String> KEYS = List.of("a", "b", "z", "c");

  private final AtomicInteger paidFor = new AtomicInteger();
  private final ServingListener listener = new ServingListener() {
    @Override
    public void onDetour(String keyspace, String from, String to, int keys, Detour why) {
      paidFor.addAndGet(why == Detour.BEHIND ? 0 : keys);
    }
  };

  /** One read, and how often each of its keys was told of before its end. */
  private record Watched(CompletableFuture<ReadResult> answer, AtomicIntegerArray told) {

    /** As it was when the read ended. */
    List<Integer> toldAtTheEnd() throws Exception {
      return answer
          .handle((result, failure) -> {
            var counts = new ArrayList<Integer>();
            for (var index = 0; index < told.length(); index++) {
              counts.add(told.get(index));
            }
            return counts;
          })
          .get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void read_everythingAtOnce_everyKeyIsToldOnceAndTheBudgetHolds() throws Exception {
    var seed = new Random().nextLong();
    System.out.println("read_everythingAtOnce seed: " + seed);
    var random = new Random(seed);
    try (var time = new SystemTime("storm");
        var answers = new SystemTime("storm-answers")) {
      var regions = List.of(
          new FakeRegion("a", Feature.VERSIONS),
          new FakeRegion("b", Feature.VERSIONS),
          new FakeRegion("c", Feature.VERSIONS));
      regions.forEach(region -> region.onRead =
          read -> new Erratic(region, read).begin(answers, new Random(random.nextLong())));
      var reads = reads(regions, time);
      var all = new ArrayList<Watched>();
      for (var count = 0; count < READS; count++) {
        all.add(begin(reads, time, random));
        if (random.nextInt(10) == 0) {
          all.get(random.nextInt(all.size())).answer().cancel(true);
        }
        if (random.nextInt(4) == 0) {
          // Lets others in: a burst after a pause is another interleaving than a stream.
          LockSupport.parkNanos(1);
        }
      }
      for (var read : all) {
        var told = read.toldAtTheEnd();
        if (!read.answer().isCancelled()) {
          assertThat(told).containsOnly(1);
          assertThat(read.answer().join().outcomes()).hasSize(KEYS.size());
        }
        assertThat(told).allMatch(count -> count <= 1);
      }
      assertThat(paidFor).hasValueBetween(1, BURST);
      for (var region : regions) {
        for (var read : List.copyOf(region.reads)) {
          read.answer().handle((result, failure) -> true).get(30, TimeUnit.SECONDS);
        }
      }
      awaitQuiet(answers);
      awaitQuiet(time);
      for (var region : regions) {
        assertThat(region.health.underWay()).isZero();
      }
      assertThat(regions.get(0).health.beaten).hasPositiveValue();
    }
  }

  /** A timer has one thread: what it was doing is done when it comes to the next task. */
  private static void awaitQuiet(SystemTime time) throws Exception {
    var quiet = new CompletableFuture<Boolean>();
    time.schedule(Duration.ZERO, () -> quiet.complete(true));
    assertThat(quiet.get(30, TimeUnit.SECONDS)).isTrue();
  }

  private static Watched begin(Reads reads, SystemTime time, Random random) {
    var deadline = Deadline.after(Duration.ofNanos(2_000_000 + random.nextInt(20_000_000)), time);
    var request = random.nextInt(3) == 0 ? Given.atLeast(2, keys()) : Given.read(keys());
    var told = new AtomicIntegerArray(KEYS.size());
    var answer = reads.read(
        request,
        CallContext.of(deadline),
        deadline,
        (index, outcome) -> told.incrementAndGet(index),
        random.nextBoolean());
    return new Watched(answer, told);
  }

  private static String[] keys() {
    return KEYS.toArray(String[]::new);
  }

  private Reads reads(List<FakeRegion> regions, SystemTime time) {
    var all = regions.stream().map(FakeRegion::candidate).toList();
    var reversed = List.of(all.get(2), all.get(1), all.get(0));
    var choice = new Choice() {
      @Override
      public Candidate current() {
        return all.get(0);
      }

      @Override
      public List<Candidate> order(String key, long nowNanos) {
        return key.equals("z") ? reversed : all;
      }

      @Override
      public List<Candidate> all() {
        return all;
      }
    };
    var slow = new DelayPolicy(
        true, 0.5, Duration.ofNanos(1), Duration.ofSeconds(1), 1, Duration.ofSeconds(30));
    var routing = new Routing(choice, RegionLoss.REMOTE, WritePolicy.anywhere(), slow, time);
    var policy = BudgetPolicy.defaults().ratio(0).burst(BURST);
    return new Reads(routing, new AttemptBudget(policy, time), listener, time);
  }

  /** A read each of whose keys is answered, fails, is behind or hangs, at any time. */
  private static final class Erratic {

    private final FakeRegion.Read read;
    private final FakeRegion region;
    private final AtomicReferenceArray<ReadOutcome> outcomes;
    private final AtomicInteger left;

    Erratic(FakeRegion region, FakeRegion.Read read) {
      this.region = region;
      this.read = read;
      this.outcomes = new AtomicReferenceArray<>(read.request().keys().size());
      this.left = new AtomicInteger(outcomes.length());
    }

    void begin(SystemTime answers, Random random) {
      for (var index = 0; index < outcomes.length(); index++) {
        var key = index;
        var chance = random.nextInt(20);
        if (chance > 0) {
          var delay = Duration.ofNanos(random.nextInt(1_000_000));
          answers.schedule(delay, () -> tell(key, outcome(chance)));
        }
      }
      answers.schedule(read.context().deadline().remaining(), this::late);
    }

    private ReadOutcome outcome(int chance) {
      return chance < 4 ? failed(region.unavailable()) : found(chance < 8 ? 1 : 2);
    }

    private void late() {
      var cause = new DeadlineExceeded("late", Where.at("fake", region.region()), null);
      for (var index = 0; index < outcomes.length(); index++) {
        tell(index, failed(cause));
      }
    }

    private void tell(int index, ReadOutcome outcome) {
      if (outcomes.compareAndSet(index, null, outcome)) {
        read.tell(index, outcome);
        if (left.decrementAndGet() == 0) {
          read.end(all());
        }
      }
    }

    private ReadOutcome[] all() {
      var all = new ReadOutcome[outcomes.length()];
      Arrays.setAll(all, outcomes::get);
      return all;
    }
  }
}
