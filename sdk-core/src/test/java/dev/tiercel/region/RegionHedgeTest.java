package dev.tiercel.region;

import static dev.tiercel.region.FakeRegion.failed;
import static dev.tiercel.region.FakeRegion.found;
import static dev.tiercel.region.Given.failure;
import static dev.tiercel.region.Given.outcome;
import static dev.tiercel.region.Given.version;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.Where;
import dev.tiercel.health.RegionState;
import dev.tiercel.region.RegionHealth.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What one region is slow with, the next is asked as well. */
class RegionHedgeTest {

  private final Given given = Given.two();
  private final FakeRegion a = given.a;
  private final FakeRegion b = given.b;

  @Test
  void read_slow_isAskedOfTheNextRegionAndTheFirstAnswerWins() {
    given.warm();

    var answer = given.slow("x");
    b.read().found(2);

    assertThat(version(answer)).isEqualTo(2);
    assertThat(Given.origin(answer).replica()).isTrue();
    assertThat(a.read().answer()).isCancelled();
    assertThat(a.health.ended).containsExactly(Verdict.IGNORED);
    assertThat(a.health.beaten).hasValue(1);
    assertThat(b.health.ended).containsExactly(Verdict.ANSWERED);
    assertThat(given.heard).containsExactly("a to b for 1: SLOW");
    assertThat(given.time.pendingTimers()).isZero();
  }

  @Test
  void read_firstAnswersAfterAll_theOtherIsCancelledAndNobodyIsBeaten() {
    given.warm();

    var answer = given.slow("x");
    a.read().found(1);

    assertThat(version(answer)).isEqualTo(1);
    assertThat(b.read().answer()).isCancelled();
    assertThat(a.health.beaten).hasValue(0);
    assertThat(a.health.ended).containsExactly(Verdict.ANSWERED);
    assertThat(b.health.ended).containsExactly(Verdict.IGNORED);
  }

  @Test
  void read_inTheUsualTime_isNotHedged() {
    given.warm();

    given.get("x");
    given.time.advance(Duration.ofNanos(1_900_000));

    assertThat(b.reads).isEmpty();
  }

  @Test
  void read_nothingIsKnownYet_isNotHedged() {
    given.get("x");
    given.time.advance(Duration.ofMillis(99));

    assertThat(b.reads).isEmpty();
    assertThat(given.time.pendingTimers()).isZero();
  }

  @Test
  void read_batchIsSlow_onlyItsUnfinishedKeysAreAskedAndPaid() {
    given.warm();

    var answer = given.get("x", "y", "w");
    a.read().tell(1, found(5));
    given.time.advance(Given.SLOW.multipliedBy(2));

    assertThat(b.read().request().keys()).containsExactly("x", "w");
    assertThat(given.budget.tokens()).isEqualTo(18);
    b.read().tell(0, found(1));
    a.read().tell(2, found(3));
    assertThat(answer.join().outcomes())
        .extracting(each -> each.version())
        .containsExactly(1L, 5L, 3L);
    assertThat(given.told).containsExactly("y: 5", "x: 1", "w: 3");
    assertThat(a.read().answer()).isCancelled();
    assertThat(b.read().answer()).isCancelled();
    assertThat(a.health.beaten).hasValue(1);
  }

  @Test
  void read_otherRegionIsNotHealthyOrBusy_isNotHedged() {
    given.warm();
    for (var state : RegionState.values()) {
      b.health.state = state;
      b.health.takesMore = state != RegionState.HEALTHY;
      given.slow("x");
      given.time.advance(Duration.ofMillis(20));
      a.read().found(1);
    }

    assertThat(b.reads).isEmpty();
    assertThat(given.budget.tokens()).isEqualTo(20);
  }

  @Test
  void read_noTokenLeft_goesOnAlone() {
    given.burst(1).warm();
    assertThat(given.budget.tryPay(1)).isTrue();

    var answer = given.slow("x");
    a.read().found(1);

    assertThat(version(answer)).isEqualTo(1);
    assertThat(b.reads).isEmpty();
  }

  @Test
  void read_detourTakesLong_isNotHedgedBeforeItIsWorthIt() {
    given.warm();
    b.health.typical = Duration.ofMillis(20);

    given.slow("x");
    given.time.advance(Duration.ofMillis(16));
    assertThat(b.reads).isEmpty();
    given.time.advance(Duration.ofMillis(1));

    assertThat(b.reads).hasSize(1);
  }

  @Test
  void read_usuallyTakesAlmostAllTheTime_isHedgedWhileThereIsHalfOfItLeft() {
    for (var count = 0; count < 120; count++) {
      var answer = given.get("warm");
      given.time.advance(Duration.ofMillis(90));
      a.read().found(1);
      answer.join();
    }
    b.reads.clear();

    given.get("x");
    given.time.advance(Duration.ofMillis(49));
    assertThat(b.reads).isEmpty();
    given.time.advance(Duration.ofMillis(1));

    assertThat(b.reads).hasSize(1);
  }

  @Test
  void read_noTimeForTheDetourAtAll_setsNoTimer() {
    given.warm();
    b.health.typical = Given.DEADLINE;

    given.get("x");

    assertThat(given.time.pendingTimers()).isZero();
  }

  @Test
  void read_firstFailsWhileTheHedgeIsOnItsWay_theHedgeIsWaitedFor() {
    given.warm();

    var answer = given.slow("x");
    a.read().fails(a.unavailable());
    assertThat(answer).isNotDone();
    b.read().found(2);

    assertThat(version(answer)).isEqualTo(2);
    assertThat(b.reads).hasSize(1);
    assertThat(a.health.beaten).hasValue(0);
  }

  @Test
  void read_hedgeFailsFirst_theFirstIsWaitedForAndNobodyIsAskedTwice() {
    given.warm();

    var answer = given.slow("x");
    b.read().fails(b.unavailable());
    assertThat(answer).isNotDone();
    a.read().found(1);

    assertThat(version(answer)).isEqualTo(1);
    assertThat(a.reads).hasSize(1);
    assertThat(given.told).containsExactly("x: 1");
  }

  @Test
  void read_bothFail_itFailsOnceWithBoth() {
    given.warm();

    var answer = given.slow("x");
    b.read().fails(b.unavailable());
    a.read().fails(a.unavailable());

    assertThat(failure(answer)).hasMessageContaining("b is down");
    assertThat(failure(answer).getSuppressed()).hasSize(1);
    assertThat(given.told).containsExactly("x: failed");
  }

  @Test
  void read_hedgeIsSlowToo_theThirdRegionIsAsked() {
    var three = Given.three().warm();
    for (var count = 0; count < 120; count++) {
      var answer = three.get("x");
      three.a.read().fails(three.a.refusal());
      three.time.advance(Duration.ofMillis(2));
      three.b.read().found(1);
      answer.join();
    }
    three.b.reads.clear();

    var answer = three.slow("x");
    assertThat(three.b.reads).hasSize(1);
    three.time.advance(Given.SLOW);
    three.c.read().found(3);

    assertThat(version(answer)).isEqualTo(3);
    assertThat(three.a.read().answer()).isCancelled();
    assertThat(three.b.read().answer()).isCancelled();
    assertThat(three.b.health.beaten).hasValue(1);
    assertThat(three.time.pendingTimers()).isZero();
  }

  @Test
  void read_regionHasFallenSilent_theNextReadsWaitNoLongerThanTheFloor() {
    given.warm();
    b.health.typical = Duration.ofMillis(20);
    given.get("x");
    given.time.advance(Duration.ofMillis(20));
    assertThat(b.reads).hasSize(1);

    given.get("y");
    given.time.advance(Duration.ofMillis(2));
    assertThat(b.reads).hasSize(2);

    a.read().found(1);
    given.get("w");
    given.time.advance(Duration.ofMillis(3));
    assertThat(b.reads).hasSize(2);
  }

  @Test
  void read_regionHasSwallowedABurst_asManyAreSavedAsTheBudgetHolds() {
    given.burst(20).warm();

    var answers = new ArrayList<CompletableFuture<?>>();
    for (var count = 0; count < 30; count++) {
      answers.add(given.get("x" + count));
    }
    given.time.advance(Given.SLOW);
    List.copyOf(b.reads).forEach(read -> read.found(1));

    assertThat(answers.stream().filter(CompletableFuture::isDone)).hasSize(20);
    assertThat(a.health.beaten).hasValue(20);
  }

  @Test
  void read_keyHasFailedWhenTheRestIsSlow_bothGoOnToTheSameRegionOnceEach() {
    given.warm();

    var answer = given.get("x", "y");
    a.read().tell(0, failed(a.unavailable()));
    given.time.advance(Given.SLOW.multipliedBy(2));

    assertThat(b.reads).hasSize(2);
    assertThat(b.reads.get(0).request().keys()).containsExactly("x");
    assertThat(b.reads.get(1).request().keys()).containsExactly("y");
    b.reads.get(0).found(1);
    b.reads.get(1).found(2);
    assertThat(outcome(answer, 1).version()).isEqualTo(2);
    assertThat(given.heard).containsExactly("a to b for 1: FAILED", "a to b for 1: SLOW");
  }

  @Test
  void read_loserIgnoresItsCancel_isCountedWhenItEnds() {
    given.warm();
    a.ignoresCancel = true;
    var answer = given.slow("x");
    var lost = a.read();
    b.read().found(2);
    assertThat(version(answer)).isEqualTo(2);
    assertThat(a.health.ended).isEmpty();

    lost.tell(0, found(9));

    assertThat(a.health.ended).containsExactly(Verdict.ANSWERED);
    assertThat(given.told).containsExactly("x: 2");
  }

  @Test
  void read_deadlinePassesAtBoth_endsWithATypedFailure() {
    given.warm();

    var answer = given.slow("x");
    given.time.advance(Given.DEADLINE.minus(Given.SLOW));
    a.read().fails(new DeadlineExceeded("late", Where.at("fake", "a"), null));
    b.read().fails(new DeadlineExceeded("late", Where.at("fake", "b"), null));

    assertThat(failure(answer)).isInstanceOf(DeadlineExceeded.class);
    assertThat(a.health.ended).containsExactly(Verdict.FAILED);
    assertThat(b.health.ended).containsExactly(Verdict.FAILED);
    assertThat(given.time.pendingTimers()).isZero();
  }
}
