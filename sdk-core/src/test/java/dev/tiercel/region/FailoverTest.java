package dev.tiercel.region;

import static dev.tiercel.region.FakeRegion.failed;
import static dev.tiercel.region.FakeRegion.found;
import static dev.tiercel.region.Given.failure;
import static dev.tiercel.region.Given.origin;
import static dev.tiercel.region.Given.outcome;
import static dev.tiercel.region.Given.version;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.budget.AttemptBudget;
import dev.tiercel.budget.BudgetPolicy;
import dev.tiercel.error.CodecFailure;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.InvalidRequest;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.Throttled;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.health.RegionState;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What one region fails, the next is asked. */
class FailoverTest {

  private final Given given = Given.two();
  private final FakeRegion a = given.a;
  private final FakeRegion b = given.b;

  @Test
  void read_firstRegionAnswers_isAllThatHappens() {
    var answer = given.get("x", "y");
    a.read().answer(found(1), found(2));

    assertThat(version(answer)).isEqualTo(1);
    assertThat(outcome(answer, 1).version()).isEqualTo(2);
    assertThat(given.told).containsExactly("x: 1", "y: 2");
    assertThat(origin(answer)).isEqualTo(Origin.source("a"));
    assertThat(b.reads).isEmpty();
    assertThat(given.heard).isEmpty();
    assertThat(given.time.pendingTimers()).isZero();
  }

  @Test
  void read_answersAtOnce_endsWithoutATimer() {
    given.warm();
    a.atOnce = found(7);

    var answer = given.get("x");

    assertThat(version(answer)).isEqualTo(7);
    assertThat(given.time.pendingTimers()).isZero();
    assertThat(a.health.underWay()).isZero();
  }

  @Test
  void read_aKeyFails_isAskedOfTheNextRegionAlone() {
    var answer = given.get("x", "y", "w");
    a.read().answer(found(1), failed(a.unavailable()), found(3));

    assertThat(given.told).containsExactly("x: 1", "w: 3");
    assertThat(b.read().request().keys()).containsExactly("y");
    assertThat(b.read().context().attempt()).isEqualTo(2);
    b.read().found(2);

    assertThat(outcome(answer, 1).version()).isEqualTo(2);
    assertThat(given.told).containsExactly("x: 1", "w: 3", "y: 2");
    assertThat(given.heard).containsExactly("a to b for 1: FAILED");
  }

  @Test
  void read_keyFailsEarlyInASlowBatch_goesOnWithoutWaitingForTheRest() {
    var answer = given.get("x", "y", "w");
    a.read().tell(0, failed(a.unavailable()));
    a.read().tell(1, failed(a.unavailable()));
    assertThat(b.reads).isEmpty();
    given.time.advance(Duration.ofMillis(1));

    assertThat(b.reads).hasSize(1);
    assertThat(b.read().request().keys()).containsExactly("x", "y");
    b.read().answer(found(1), found(2));
    a.read().tell(2, found(3));

    assertThat(outcome(answer, 2).version()).isEqualTo(3);
    assertThat(given.told).containsExactly("x: 1", "y: 2", "w: 3");
    assertThat(given.time.pendingTimers()).isZero();
  }

  @Test
  void read_everythingIsAnsweredWhileFailuresGather_leavesNoTimer() {
    var answer = given.get("x", "y");
    a.read().tell(0, failed(a.unavailable()));
    a.read().tell(1, found(2));
    b.read().found(1);

    assertThat(answer).isDone();
    assertThat(given.time.pendingTimers()).isZero();
  }

  @Test
  void read_regionWasAskedInVain_thePriceIsOneTokenAKey() {
    given.burst(3);

    given.get("x", "y");
    a.read().fails(a.unavailable());

    assertThat(given.budget.tokens()).isEqualTo(1);
    given.get("v", "w");
    a.read().fails(a.unavailable());
    assertThat(b.reads).hasSize(1);
  }

  @Test
  void read_noTokenLeft_failsWithTheFirstFailure() {
    given.burst(1);
    assertThat(given.budget.tryPay(1)).isTrue();

    var answer = given.get("x");
    var cause = a.unavailable();
    a.read().fails(cause);

    assertThat(failure(answer)).isSameAs(cause);
    assertThat(b.reads).isEmpty();
    assertThat(given.told).containsExactly("x: failed");
  }

  @Test
  void read_regionRefusedToBeAsked_theDetourIsFree() {
    given.burst(1);
    assertThat(given.budget.tryPay(1)).isTrue();

    var answer = given.get("x", "y");
    a.read().answer(failed(a.refusal()), failed(a.unavailable()));
    assertThat(b.read().request().keys()).containsExactly("x");
    assertThat(given.told).containsExactly("y: failed");
    b.read().found(1);

    assertThat(version(answer)).isEqualTo(1);
  }

  @Test
  void read_answeredByTheFirstRegion_paysIn() {
    given.budget = new AttemptBudget(BudgetPolicy.defaults().ratio(0.5).burst(1), given.time);
    given.writes(WritePolicy.anywhere());
    assertThat(given.budget.tryPay(1)).isTrue();

    var failing = given.get("x", "y");
    a.read().answer(failed(a.refusal()), found(1));
    b.read().found(1);
    assertThat(failing).isDone();
    assertThat(given.budget.tokens()).isZero();
    given.get("x");
    a.read().found(1);

    assertThat(given.budget.tokens()).isEqualTo(1);
  }

  @Test
  void read_refusedByALimit_isAskedOfTheNextRegion() {
    for (var cause : List.of(
        new Overloaded("full", Where.NOWHERE, null),
        new Throttled("slow down", Where.at("fake", "a"), null),
        new DeadlineExceeded("late", Where.at("fake", "a"), null))) {
      b.reads.clear();
      var answer = given.get("x");
      a.read().fails(cause);
      b.read().found(1);
      assertThat(version(answer)).isEqualTo(1);
    }
  }

  @Test
  void read_failsForWhatItAsksOrHolds_isNotAskedElsewhere() {
    for (var cause : List.of(
        new CodecFailure("bytes", Where.at("fake", "a"), null),
        new InvalidRequest("key", Where.NOWHERE, null))) {
      var answer = given.get("x");
      a.read().fails(cause);
      assertThat(failure(answer)).isSameAs(cause);
    }
    assertThat(b.reads).isEmpty();
  }

  @Test
  void read_noTimeForTheOtherRegion_isNotAskedThere() {
    b.health.typical = Given.DEADLINE;

    var answer = given.get("x");
    a.read().fails(a.unavailable());

    assertThat(failure(answer)).isInstanceOf(Unavailable.class);
    assertThat(b.reads).isEmpty();
    assertThat(given.budget.tokens()).isEqualTo(20);
  }

  @Test
  void read_regionEndsAtTheDeadline_soDoesTheRead() {
    var answer = given.get("x");
    given.time.advance(Given.DEADLINE);
    a.read().fails(new DeadlineExceeded("late", Where.at("fake", "a"), null));

    assertThat(failure(answer)).isInstanceOf(DeadlineExceeded.class);
    assertThat(b.reads).isEmpty();
    assertThat(given.time.pendingTimers()).isZero();
  }

  @Test
  void read_everyRegionFails_tellsTheFirstFailureAndTheOthersInIt() {
    var three = Given.three();

    var answer = three.get("x");
    three.a.read().fails(three.a.unavailable());
    three.b.read().fails(three.b.unavailable());
    three.c.read().fails(three.c.unavailable());

    assertThat(failure(answer)).hasMessageContaining("a is down");
    assertThat(failure(answer).getSuppressed())
        .extracting(Throwable::getMessage)
        .satisfiesExactly(
            one -> assertThat(one).contains("b is down"),
            other -> assertThat(other).contains("c is down"));
    assertThat(three.heard).containsExactly("a to b for 1: FAILED", "b to c for 1: FAILED");
  }

  @Test
  void read_nextRegionIsDown_theOneAfterIsAsked() {
    var three = Given.three();
    three.b.health.state = RegionState.DOWN;

    var answer = three.get("x");
    three.a.read().fails(three.a.unavailable());
    three.c.read().found(3);

    assertThat(version(answer)).isEqualTo(3);
    assertThat(three.b.reads).isEmpty();
  }

  @Test
  void read_otherRegionsAreDownOrDrained_nobodyElseIsAsked() {
    for (var state : List.of(RegionState.DOWN, RegionState.PROBING, RegionState.DRAINED)) {
      b.health.state = state;
      var answer = given.get("x");
      a.read().fails(a.unavailable());
      assertThat(failure(answer)).isInstanceOf(Unavailable.class);
    }
    assertThat(b.reads).isEmpty();
  }

  @Test
  void read_allRegionsAreDown_theirStatesAreNotBelieved() {
    a.health.state = RegionState.DOWN;
    b.health.state = RegionState.DOWN;

    var answer = given.get("x");
    a.read().fails(a.refusal());
    b.read().found(2);

    assertThat(version(answer)).isEqualTo(2);
  }

  @Test
  void read_answerOfAnotherRegionThanTheCurrent_isAReplicasByItsName() {
    var answer = given.get("x");
    a.read().fails(a.unavailable());
    b.read().found(1);

    assertThat(origin(answer)).isEqualTo(Origin.source("b").ofReplica());
  }

  @Test
  void read_otherRegionKnowsOfADeletion_itIsLabelledToo() {
    var answer = given.get("x");
    a.read().fails(a.unavailable());
    b.read().answer(FakeRegion.deleted(4));

    var absent = (ReadOutcome.Absent) outcome(answer, 0);
    assertThat(absent.origin().replica()).isTrue();
    assertThat(absent.version()).isEqualTo(4);
  }

  @Test
  void read_regionIsLeftOrEnteredMeanwhile_theAnswerIsAReplicas() {
    var left = given.get("x");
    given.follow(b);
    a.read().found(1);

    assertThat(origin(left).replica()).isTrue();

    var entered = given.get("x");
    given.follow(a);
    a.read().found(1);
    assertThat(origin(entered).replica()).isTrue();
  }

  @Test
  void read_itsFirstReaderHasLeft_theNextRegionGetsTheTimeOfThoseWhoJoined() {
    var patience = Deadline.after(Duration.ofMillis(10), given.time);
    var context = CallContext.of(Deadline.after(Given.DEADLINE, given.time));
    var answer =
        given.reads.read(Given.read("x"), context, patience, (index, outcome) -> {}, false);
    assertThat(a.read().patience()).isSameAs(patience);
    given.time.advance(Duration.ofMillis(10));
    a.read().fails(a.unavailable());

    assertThat(b.read().patience()).isSameAs(context.deadline());
    b.read().found(1);
    assertThat(answer).isDone();
  }

  @Test
  void read_regionFailsAsAWhole_isTypedAndTakenToTheNext() {
    var answer = given.get("x", "y");
    a.read().answer().completeExceptionally(new IllegalStateException("bug"));
    b.read().answer(found(1), failed(b.unavailable()));

    assertThat(version(answer)).isEqualTo(1);
    assertThat(((ReadOutcome.Failed) outcome(answer, 1)).cause())
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("region: failed with IllegalStateException");
  }

  @Test
  void read_regionThrows_isTypedAndTakenToTheNext() {
    a.onRead = read -> {
      throw new IllegalStateException("bug");
    };
    b.atOnce = found(2);

    assertThat(version(given.get("x"))).isEqualTo(2);
    assertThat(a.health.ended).containsExactly(RegionHealth.Verdict.FAILED);
    b.onRead = a.onRead;
    b.atOnce = null;
    assertThat(failure(given.get("x"))).isInstanceOf(Unavailable.class);
  }

  @Test
  void read_regionTellsOnlyInTheEnd_itsResultIsTaken() {
    var answer = given.get("x", "y");
    a.read().end(found(1), found(2));

    assertThat(version(answer)).isEqualTo(1);
    assertThat(given.told).containsExactly("x: 1", "y: 2");
    assertThat(a.health.ended).containsExactly(RegionHealth.Verdict.ANSWERED);
  }

  @Test
  void read_isCancelled_soIsEveryLegAndNothingFollows() {
    var three = Given.three();
    var answer = three.get("x", "y", "w");
    three.a.read().tell(0, failed(three.a.unavailable()));
    three.time.advance(Duration.ofMillis(1));

    answer.cancel(true);

    assertThat(three.a.read().answer()).isCancelled();
    assertThat(three.b.read().answer()).isCancelled();
    assertThat(three.c.reads).isEmpty();
    assertThat(three.time.pendingTimers()).isZero();
    assertThat(three.a.health.ended).containsExactly(RegionHealth.Verdict.IGNORED);
    assertThat(three.b.health.ended).containsExactly(RegionHealth.Verdict.IGNORED);
  }

  @Test
  void read_keysGoDifferentWays_eachRegionIsAskedForItsOwn() {
    var answer = given.get("x", "z", "y");

    assertThat(a.read().request().keys()).containsExactly("x", "y");
    assertThat(b.read().request().keys()).containsExactly("z");
    b.read().fails(b.unavailable());
    a.read().found(9);
    a.reads.get(0).answer(found(1), found(2));

    assertThat(answer.join().outcomes())
        .extracting(ReadOutcome::version)
        .containsExactly(1L, 9L, 2L);
    assertThat(given.told).containsExactly("z: 9", "x: 1", "y: 2");
  }

  @Test
  void read_keysGoDifferentWaysAndTheReaderLeaves_allAreCancelled() {
    CompletableFuture<?> answer = given.get("x", "z");

    answer.cancel(true);

    assertThat(a.read().answer()).isCancelled();
    assertThat(b.read().answer()).isCancelled();
  }
}
