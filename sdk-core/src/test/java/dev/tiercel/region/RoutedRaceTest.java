package dev.tiercel.region;

import static dev.tiercel.region.FakeRegion.failed;
import static dev.tiercel.region.FakeRegion.found;
import static dev.tiercel.region.Given.failure;
import static dev.tiercel.region.Given.version;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.budget.AttemptBudget;
import dev.tiercel.budget.BudgetPolicy;
import dev.tiercel.observe.Detour;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.region.RegionHealth.Verdict;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What happens at the worst moment, played out step by step. */
class RoutedRaceTest {

  private final Given given = Given.two();
  private final FakeRegion a = given.a;
  private final FakeRegion b = given.b;

  @Test
  void read_hedgeAnswersBeforeItIsSent_endsTheRead() {
    given.warm();
    b.atOnce = found(2);

    var answer = given.slow("x");

    assertThat(version(answer)).isEqualTo(2);
    assertThat(a.read().answer()).isCancelled();
    assertThat(b.health.ended).containsExactly(Verdict.ANSWERED);
    assertThat(given.time.pendingTimers()).isZero();
  }

  @Test
  void read_firstAnswersWhileTheHedgeIsBeingSent_theHedgeIsCancelled() {
    given.warm();
    b.onRead = read -> a.read().found(1);

    var answer = given.slow("x");

    assertThat(version(answer)).isEqualTo(1);
    assertThat(b.read().answer()).isCancelled();
    assertThat(b.health.ended).containsExactly(Verdict.IGNORED);
    assertThat(given.time.pendingTimers()).isZero();
  }

  @Test
  void read_firstAnswersAtTheInstantItIsSlow_nobodyElseIsAsked() {
    given.warm();
    var answer = given.get("x");
    var leg = (Leg) a.read().early();
    a.read().found(1);

    leg.run();

    assertThat(answer).isDone();
    assertThat(b.reads).isEmpty();
    assertThat(given.budget.tokens()).isEqualTo(20);
  }

  @Test
  void read_readerLeavesAtTheInstantItIsSlow_nobodyElseIsAsked() {
    given.warm();
    a.ignoresCancel = true;
    var answer = given.get("x");
    var leg = (Leg) a.read().early();
    answer.cancel(true);

    leg.run();

    assertThat(b.reads).isEmpty();
    assertThat(given.budget.tokens()).isEqualTo(20);
    a.read().found(1);
    assertThat(given.told).isEmpty();
    assertThat(a.health.ended).containsExactly(Verdict.ANSWERED);
  }

  @Test
  void read_bothFailInsideEachOther_failsOnce() {
    given.warm();
    b.onRead = read -> {
      a.read().fails(a.unavailable());
      read.fails(b.unavailable());
    };

    var answer = given.slow("x");

    assertThat(failure(answer)).hasMessageContaining("a is down");
    assertThat(given.told).containsExactly("x: failed");
    assertThat(a.health.underWay()).isZero();
    assertThat(b.health.underWay()).isZero();
  }

  @Test
  void read_readerLeavesWhenTold_theOthersAreCancelled() {
    var answer = new ArrayList<CompletableFuture<ReadResult>>();
    var context = CallContext.of(Deadline.after(Given.DEADLINE, given.time));
    answer.add(given.reads.read(
        Given.read("x", "y"),
        context,
        context.deadline(),
        (index, outcome) -> answer.get(0).cancel(true),
        false));

    a.read().tell(0, found(1));

    assertThat(answer.get(0)).isCancelled();
    assertThat(a.read().answer()).isCancelled();
    assertThat(a.health.ended).containsExactly(Verdict.IGNORED);
  }

  @Test
  void read_readerLeavesWhileItGoesOn_theNextRegionIsNotAskedAnyMore() {
    var three = Given.three();
    var answer = three.get("x", "w", "y");
    three.a.read().tell(0, failed(three.a.unavailable()));
    three.a.read().tell(1, failed(three.a.unavailable()));
    three.time.advance(Duration.ofMillis(1));
    three.b.read().tell(0, failed(three.b.unavailable()));
    three.b.onRead = read -> answer.cancel(true);

    // Now x goes on to c, and y to b, where the reader leaves.
    three.a.read().tell(2, failed(three.a.unavailable()));

    assertThat(answer).isCancelled();
    assertThat(three.b.reads).hasSize(2).allMatch(read -> read.answer().isCancelled());
    assertThat(three.c.reads).isEmpty();
    assertThat(three.b.health.underWay()).isZero();
  }

  @Test
  void read_keysHaveComeToDifferentRegions_eachGoesOnToItsNext() {
    var three = Given.three();
    var answer = three.get("x", "w", "y");
    three.a.read().tell(0, failed(three.a.unavailable()));
    three.a.read().tell(1, failed(three.a.unavailable()));
    three.time.advance(Duration.ofMillis(1));
    three.b.read().tell(0, failed(three.b.unavailable()));

    three.a.read().tell(2, failed(three.a.unavailable()));
    assertThat(three.c.read().request().keys()).containsExactly("x");
    assertThat(three.b.read().request().keys()).containsExactly("y");
    three.c.read().found(1);
    three.b.reads.get(0).tell(1, found(2));
    three.b.reads.get(1).found(3);

    assertThat(three.told).containsExactly("x: 1", "w: 2", "y: 3");
    assertThat(answer).isDone();
    assertThat(three.time.pendingTimers()).isZero();
  }

  @Test
  void read_readerIsBroken_itsOtherKeysAreToldAndTheReadEnds() {
    var told = new ArrayList<Integer>();
    var context = CallContext.of(Deadline.after(Given.DEADLINE, given.time));
    var answer = given.reads.read(
        Given.read("x", "y"),
        context,
        context.deadline(),
        (index, outcome) -> {
          told.add(index);
          throw new IllegalStateException("bug of the reader's");
        },
        false);

    a.read().fails(a.unavailable());
    b.read().fails(b.unavailable());

    assertThat(answer).isCompleted();
    assertThat(told).containsExactly(0, 1);
    assertThat(a.health.underWay()).isZero();
  }

  @Test
  void read_lastKeyIsTold_theResultIsCompleteOnlyAfterwards() {
    var answer = new ArrayList<CompletableFuture<ReadResult>>();
    var seen = new ArrayList<Boolean>();
    var context = CallContext.of(Deadline.after(Given.DEADLINE, given.time));
    answer.add(given.reads.read(
        Given.read("x"),
        context,
        context.deadline(),
        (index, outcome) -> seen.add(answer.get(0).isDone()),
        false));

    a.read().found(1);

    assertThat(seen).containsExactly(false);
    assertThat(answer.get(0)).isDone();
  }

  @Test
  void read_otherKeyIsSettledWhileOneIsBeingTold_theReadWaitsForBothToBeTold() {
    var answer = new ArrayList<CompletableFuture<ReadResult>>();
    var done = new ArrayList<Boolean>();
    var context = CallContext.of(Deadline.after(Given.DEADLINE, given.time));
    answer.add(given.reads.read(
        Given.read("x", "y"),
        context,
        context.deadline(),
        (index, outcome) -> {
          if (index == 0) {
            a.read().tell(1, found(2));
          }
          done.add(answer.get(0).isDone());
        },
        false));

    a.read().tell(0, found(1));

    assertThat(done).containsExactly(false, false);
    assertThat(answer.get(0)).isDone();
  }

  @Test
  void read_readerLeavesWhenTheListenerHears_theLegIsCancelledAtOnce() {
    var answer = new ArrayList<CompletableFuture<ReadResult>>();
    var listener = new ServingListener() {
      @Override
      public void onDetour(String keyspace, String from, String to, int keys, Detour why) {
        answer.get(0).cancel(true);
      }
    };
    var budget = new AttemptBudget(BudgetPolicy.defaults(), given.time);
    var reads = new Reads(given.routing(), budget, listener, given.time);
    var context = CallContext.of(Deadline.after(Given.DEADLINE, given.time));
    answer.add(
        reads.read(Given.read("x"), context, context.deadline(), (index, outcome) -> {}, false));

    a.read().fails(a.unavailable());

    assertThat(List.copyOf(b.reads)).allMatch(read -> read.answer().isCancelled());
    assertThat(b.health.underWay()).isZero();
    assertThat(given.time.pendingTimers()).isZero();
  }
}
