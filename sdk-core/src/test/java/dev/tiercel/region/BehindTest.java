package dev.tiercel.region;

import static dev.tiercel.region.FakeRegion.absent;
import static dev.tiercel.region.FakeRegion.deleted;
import static dev.tiercel.region.FakeRegion.failed;
import static dev.tiercel.region.FakeRegion.found;
import static dev.tiercel.region.Given.atLeast;
import static dev.tiercel.region.Given.failure;
import static dev.tiercel.region.Given.outcome;
import static dev.tiercel.region.Given.version;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.error.Unavailable;
import dev.tiercel.region.RegionHealth.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a region has not received yet, another is asked for. */
class BehindTest {

  private final Given given = Given.two();
  private final FakeRegion a = given.a;
  private final FakeRegion b = given.b;

  @Test
  void read_regionIsBehind_theNextIsAskedForNothing() {
    given.burst(1);
    assertThat(given.budget.tryPay(1)).isTrue();

    var answer = given.get(atLeast(5, "x", "y"));
    a.read().answer(found(4), found(5));
    assertThat(b.read().request().keys()).containsExactly("x");
    b.read().found(6);

    assertThat(version(answer)).isEqualTo(6);
    assertThat(given.heard).containsExactly("a to b for 1: BEHIND");
    assertThat(a.health.ended).containsExactly(Verdict.ANSWERED);
  }

  @Test
  void read_tiersSayThatTheSourceIsBehind_theNextIsAskedForNothing() {
    given.burst(1);
    assertThat(given.budget.tryPay(1)).isTrue();

    var answer = given.get(atLeast(5, "x"));
    a.read().answer(new ReadOutcome.Failed(a.unavailable(), found(4)));
    b.read().found(5);

    assertThat(version(answer)).isEqualTo(5);
    assertThat(a.health.ended).containsExactly(Verdict.ANSWERED);
    assertThat(given.heard).containsExactly("a to b for 1: BEHIND");
  }

  @Test
  void read_everyRegionIsBehind_eachIsAskedOnceAndTheReadFails() {
    var three = Given.three();

    var answer = three.get(atLeast(5, "x"));
    three.a.read().found(2);
    three.b.read().found(4);
    three.c.read().found(3);

    assertThat(failure(answer))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("version: 2 (expected: at least 5)");
    assertThat(failure(answer).getSuppressed())
        .extracting(Throwable::getMessage)
        .satisfiesExactly(
            one -> assertThat(one).contains("version: 4"),
            other -> assertThat(other).contains("version: 3"));
    assertThat(((ReadOutcome.Failed) outcome(answer, 0)).older()).isNotNull();
    assertThat(outcome(answer, 0).version()).isEqualTo(4);
    assertThat(three.a.reads).hasSize(1);
    assertThat(three.b.reads).hasSize(1);
    assertThat(three.c.reads).hasSize(1);
  }

  @Test
  void read_whatIsBehindWillDo_theNewestIsServedWhenNobodyHasMore() {
    var three = Given.three();

    var answer = three.get(atLeast(5, "x"), true);
    three.a.read().found(2);
    three.b.read().found(4);
    three.c.read().fails(three.c.unavailable());

    assertThat(version(answer)).isEqualTo(4);
    assertThat(Given.origin(answer)).isEqualTo(Origin.source("b").ofReplica().ofBehind());
    assertThat(three.told).containsExactly("x: 4");
  }

  @Test
  void read_absenceIsBehindAndWillDo_isServedAndSaysSo() {
    var answer = given.get(atLeast(5, "x"), true);
    a.read().answer(deleted(3));
    b.read().answer(absent());

    var absent = (ReadOutcome.Absent) outcome(answer, 0);
    assertThat(absent.version()).isEqualTo(3);
    assertThat(absent.origin()).isEqualTo(Origin.source("a").ofBehind());
  }

  @Test
  void read_whatIsBehindWillDo_whoeverHasMoreIsPreferred() {
    var answer = given.get(atLeast(5, "x"), true);
    a.read().found(4);
    assertThat(answer).isNotDone();
    b.read().found(5);

    assertThat(version(answer)).isEqualTo(5);
    assertThat(Given.origin(answer).behind()).isFalse();
  }

  @Test
  void read_nobodyHasAnything_whatIsBehindCannotBeServed() {
    var answer = given.get(atLeast(5, "x"), true);
    a.read().fails(a.unavailable());
    b.read().fails(b.unavailable());

    assertThat(failure(answer)).hasMessageContaining("a is down");
  }

  @Test
  void read_otherRegionIsTooFar_isNotAskedForWhatIsBehind() {
    b.health.typical = Given.DEADLINE;

    var answer = given.get(atLeast(5, "x"));
    a.read().found(4);

    assertThat(failure(answer)).hasMessageContaining("version: 4");
    assertThat(b.reads).isEmpty();
  }

  @Test
  void read_hedgeIsBehind_theFirstIsWaitedFor() {
    given.warm();
    var answer = given.get(atLeast(5, "x"));
    given.time.advance(Given.SLOW);
    b.read().found(4);
    assertThat(answer).isNotDone();
    a.read().found(5);

    assertThat(version(answer)).isEqualTo(5);
    assertThat(a.health.beaten).hasValue(0);
  }

  @Test
  void read_deletionIsNewEnough_settlesTheKey() {
    var answer = given.get(atLeast(5, "x"));
    a.read().answer(deleted(5));

    assertThat(outcome(answer, 0).version()).isEqualTo(5);
    assertThat(b.reads).isEmpty();
  }

  @Test
  void read_regionKnowsNothingOfAKey_theOthersAreAskedWhetherItExists() {
    var answer = given.get(atLeast(5, "x"));
    a.read().answer(absent());
    b.read().found(5);

    assertThat(version(answer)).isEqualTo(5);
  }

  @Test
  void read_noRegionKnowsAnythingOfAKey_itDoesNotExist() {
    var answer = given.get(atLeast(5, "x"));
    a.read().answer(absent());
    b.read().answer(absent());

    assertThat(outcome(answer, 0)).isInstanceOf(ReadOutcome.Absent.class);
  }

  @Test
  void read_oneRegionKnowsNothingAndTheOtherFails_nobodyCanSay() {
    var answer = given.get(atLeast(5, "x"));
    a.read().answer(absent());
    b.read().fails(b.unavailable());

    assertThat(failure(answer)).hasMessageContaining("version: 0 (expected: at least 5)");
  }

  @Test
  void read_homeOfAllWritesKnowsNothingOfAKey_itDoesNotExist() {
    given.writes(WritePolicy.home("b"));

    var answer = given.get(atLeast(5, "x"));
    a.read().answer(absent());
    assertThat(answer).isNotDone();
    b.read().answer(absent());
    assertThat(outcome(answer, 0)).isInstanceOf(ReadOutcome.Absent.class);

    var other = given.get(atLeast(5, "z"));
    b.read().answer(absent());
    assertThat(outcome(other, 0)).isInstanceOf(ReadOutcome.Absent.class);
    assertThat(a.reads).hasSize(1);
  }

  @Test
  void read_sourcesHaveNoVersions_nothingIsKnownToBeBehind() {
    var plain = Given.unversioned();

    var answer = plain.get(atLeast(5, "x", "y"));
    plain.a.read().answer(found(0), absent());

    assertThat(version(answer)).isZero();
    assertThat(plain.b.reads).isEmpty();
  }

  @Test
  void read_asksForNoVersion_anyAbsenceIsAnAnswer() {
    var answer = given.get("x");
    a.read().answer(absent());

    assertThat(outcome(answer, 0)).isInstanceOf(ReadOutcome.Absent.class);
    assertThat(b.reads).isEmpty();
  }

  @Test
  void read_someKeysAreBehindAndSomeFailed_goOnTogetherAndAreToldApart() {
    var answer = given.get(atLeast(5, "x", "y"));
    a.read().answer(found(4), failed(a.unavailable()));
    assertThat(given.budget.tokens()).isEqualTo(19);
    b.read().answer(found(5), found(6));

    assertThat(version(answer)).isEqualTo(5);
    assertThat(given.heard).containsExactly("a to b for 1: BEHIND", "a to b for 1: FAILED");
    assertThat(b.reads).hasSize(1);
  }

  @Test
  void read_keyIsBehindInASlowBatch_goesOnWithoutWaitingForTheRest() {
    var answer = given.get(atLeast(5, "x", "y"));
    a.read().tell(0, found(4));
    given.time.advance(Duration.ofMillis(1));
    b.read().found(5);
    a.read().tell(1, found(5));

    assertThat(version(answer)).isEqualTo(5);
  }
}
