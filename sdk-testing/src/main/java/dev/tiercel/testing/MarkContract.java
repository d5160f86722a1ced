package dev.tiercel.testing;

import static dev.tiercel.testing.BackendTrial.assertRefused;
import static dev.tiercel.testing.BackendTrial.atLeast;
import static dev.tiercel.testing.BackendTrial.expiring;
import static dev.tiercel.testing.BackendTrial.tombstone;
import static dev.tiercel.testing.BackendTrial.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Condition;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Lease;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.WriteOutcome;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a cache makes of a version that exists elsewhere, and that its own source may lack. */
interface MarkContract extends LeaseTrial {

  /** Without marks: they are refused, and a miss tells of none. */
  default boolean refusesMarks() {
    if (can(Feature.MARKS)) {
      assertThat(can(Feature.LEASES, Feature.VERSIONS)).isTrue();
      return false;
    }
    store(probe().keyspace(), "there", new byte[] {7});
    assertRefused(probe().mark("there", 100, LONG));
    assertThat(probe().found("there").payload()).containsExactly(7);
    assertThat(probe().absent("key").mark()).isZero();
    return true;
  }

  @Test
  default void mark_olderCopy_goesAndTheMissTellsOfTheMark() {
    if (refusesMarks()) {
      return;
    }
    given("value", value("old", 4));
    given("deleted", tombstone(4));
    given("unversioned", value("old", 0));
    for (var key : new String[] {"value", "deleted", "unversioned", "never there"}) {
      assertThat(probe().mark(key, 5, LONG)).isEqualTo(new WriteOutcome.Stored(5));

      var absent = probe().absent(key);
      assertThat(absent.tombstone()).isNull();
      assertThat(absent.unreadable()).isNull();
      assertThat(absent.mark()).isEqualTo(5);
    }
    assertThat(probe().absent("another").mark()).isZero();
  }

  @Test
  default void mark_copyAsNew_stays() {
    if (refusesMarks()) {
      return;
    }
    given("same", value("value", 5));
    given("newer", value("value", 6));
    given("deleted", tombstone(5));
    assertThat(probe().mark("same", 5, LONG)).isEqualTo(new WriteOutcome.Stored(5));
    assertThat(probe().mark("newer", 5, LONG)).isEqualTo(new WriteOutcome.Stored(6));
    assertThat(probe().mark("deleted", 5, LONG)).isEqualTo(new WriteOutcome.Stored(5));

    assertHolds("same", value("value", 5));
    assertHolds("newer", value("value", 6));
    assertThat(probe().absent("deleted").version()).isEqualTo(5);
    assertThat(probe().absent("deleted").mark()).isZero();
  }

  @Test
  default void mark_copyAsNew_leavesTheLeaseOverIt() {
    if (refusesMarks()) {
      return;
    }
    given("key", value("value", 5));
    var lease = probe().lease(probe().request("key").withFreshness(atLeast(6)).withLease(LONG));
    probe().mark("key", 5, LONG);

    assertStored(probe().fill("key", value("filled", 6), lease.token()), 6);
  }

  @Test
  default void mark_endsTheLease_andTheNextOneKnowsOfIt() {
    if (refusesMarks()) {
      return;
    }
    var before = probe().lease("key", LONG).token();
    probe().mark("key", 5, LONG);
    assertRejected(probe().fill("key", value("late", 6), before), 5);

    var miss = leasing("key");
    assertThat(miss.lease().granted()).isTrue();
    assertThat(miss.mark()).isEqualTo(5);
    var held = leasing("key");
    assertThat(held.lease().granted()).isFalse();
    assertThat(held.lease().remainingMillis()).isPositive();
    assertThat(held.mark()).isEqualTo(5);
  }

  @Test
  default void fill_belowTheMark_isRefused_andAtItIsStored() {
    if (refusesMarks()) {
      return;
    }
    probe().mark("key", 5, LONG);
    var token = probe().lease("key", LONG).token();
    assertRejected(probe().fill("key", value("lagging", 4), token), 5);
    assertRejected(probe().fill("key", tombstone(0), token), 5);
    assertRejected(probe().fill("key", tombstone(4), token), 5);
    assertThat(probe().absent("key").mark()).isEqualTo(5);

    assertStored(probe().fill("key", value("caught up", 5), token), 5);
    assertHolds("key", value("caught up", 5));
  }

  @Test
  default void put_belowTheMark_isRefusedWhateverItsCondition() {
    if (refusesMarks()) {
      return;
    }
    given("key", value("old", 3));
    probe().mark("key", 5, LONG);
    for (var condition : new Condition[] {
      Condition.ALWAYS, Condition.IF_NEWER, Condition.IF_ABSENT, new Condition.IfVersion(3)
    }) {
      assertRejected(probe().put("key", value("lagging", 4), condition), 5);
    }
    assertRejected(probe().put("key", value("unversioned", 0), Condition.ALWAYS), 5);
    assertRejected(probe().put("key", tombstone(4), Condition.IF_NEWER), 5);
    assertThat(probe().absent("key").mark()).isEqualTo(5);
  }

  @Test
  default void put_atTheMarkOrAbove_isStored_andEndsTheMark() {
    if (refusesMarks()) {
      return;
    }
    var version = 5;
    for (var condition :
        new Condition[] {Condition.ALWAYS, Condition.IF_NEWER, Condition.IF_ABSENT}) {
      var key = condition.getClass().getSimpleName();
      given(key, value("old", 3));
      probe().mark(key, 5, LONG);
      assertStored(probe().put(key, value("new", version), condition), version);
      assertHolds(key, value("new", version));
      assertForgotten(key, Duration.ZERO);
      assertThat(probe().absent(key).mark()).isZero();
      version++;
    }
  }

  @Test
  default void mark_smallerOne_neverLowersALarger() {
    if (refusesMarks()) {
      return;
    }
    probe().mark("key", 7, LONG);
    var token = probe().lease("key", LONG).token();
    assertThat(probe().mark("key", 5, LONG)).isEqualTo(new WriteOutcome.Stored(7));
    assertThat(probe().absent("key").mark()).isEqualTo(7);

    assertRejected(probe().fill("key", value("lagging", 6), token), 7);
    assertStored(probe().fill("key", value("new", 7), token), 7);
  }

  @Test
  default void mark_largerOne_endsTheLeaseGrantedUnderASmaller() {
    if (refusesMarks()) {
      return;
    }
    probe().mark("key", 5, LONG);
    var token = probe().lease("key", LONG).token();
    assertThat(probe().mark("key", 7, LONG)).isEqualTo(new WriteOutcome.Stored(7));

    assertRejected(probe().fill("key", value("lagging", 6), token), 7);
    assertRejected(probe().fill("key", value("late", 7), token), 7);
    assertThat(leasing("key").mark()).isEqualTo(7);
  }

  @Test
  default void mark_isOverAfterItsRetention() {
    if (refusesMarks()) {
      return;
    }
    probe().mark("key", 5, SHORT);
    probe().mark("put", 5, SHORT);
    awaitAfter(SHORT, "the end of a mark", () -> probe().absent("key").mark() == 0);
    awaitAfter(Duration.ZERO, "the end of another", () -> probe().absent("put").mark() == 0);

    assertStored(probe().put("put", value("old", 4), Condition.IF_NEWER), 4);
    var miss = leasing("key");
    assertThat(miss.mark()).isZero();
    assertStored(probe().fill("key", value("old", 4), miss.lease().token()), 4);
  }

  @Test
  default void mark_longerRetentionStays_whicheverComesLast() {
    if (refusesMarks()) {
      return;
    }
    // Long enough to be lengthened in time on any machine, short enough to wait for its end.
    var whole = Duration.ofMillis(400);
    probe().mark("lengthened", 5, whole);
    probe().mark("lengthened", 4, LONG);
    probe().mark("raised", 5, LONG);
    probe().mark("raised", 7, whole);
    probe().mark("clock", 5, whole);
    awaitAfter(whole, "the end of a mark", () -> probe().absent("clock").mark() == 0);

    assertThat(probe().absent("lengthened").mark()).isEqualTo(5);
    assertThat(probe().absent("raised").mark()).isEqualTo(7);
  }

  @Test
  default void forget_leavesTheMark() {
    if (refusesMarks()) {
      return;
    }
    probe().mark("key", 5, LONG);
    var token = probe().lease("key", LONG).token();
    assertForgotten("key", Duration.ZERO);
    assertForgotten("key", LONG);

    var miss = leasing("key");
    assertThat(miss.lease()).isEqualTo(Lease.NONE);
    assertThat(miss.mark()).isEqualTo(5);
    assertRejected(probe().fill("key", value("late", 6), token), 5);
    assertRejected(probe().put("key", value("lagging", 4), Condition.ALWAYS), 5);
  }

  @Test
  default void mark_leavesAHoldOffInForce() {
    if (refusesMarks()) {
      return;
    }
    assertForgotten("key", LONG);
    probe().mark("key", 5, LONG);

    assertThat(leasing("key").lease()).isEqualTo(Lease.NONE);
    assertThat(leasing("key").mark()).isEqualTo(5);
    assertStored(probe().put("key", value("new", 5), Condition.IF_NEWER), 5);
  }

  /** A version that was here exists, whatever became of its copy. */
  @Test
  default void mark_whereSomethingNewerWasForgottenOrIsOver_isOfThat() {
    if (refusesMarks()) {
      return;
    }
    given("forgotten", value("value", 8));
    assertForgotten("forgotten", Duration.ZERO);
    given("over", expiring("value", 8, time().millis() - 1));
    for (var key : new String[] {"forgotten", "over"}) {
      assertThat(probe().mark(key, 5, LONG)).isEqualTo(new WriteOutcome.Stored(8));
      assertThat(probe().absent(key).mark()).isEqualTo(8);
      assertRejected(probe().put(key, value("old", 7), Condition.IF_NEWER), 8);
      assertStored(probe().put(key, value("again", 8), Condition.IF_NEWER), 8);
    }
  }

  @Test
  default void mark_ofTheLargestVersion_isKept() {
    if (refusesMarks()) {
      return;
    }
    probe().mark("key", Long.MAX_VALUE, LONG);
    assertThat(probe().absent("key").mark()).isEqualTo(Long.MAX_VALUE);

    assertRejected(
        probe().put("key", value("value", Long.MAX_VALUE - 1), Condition.ALWAYS), Long.MAX_VALUE);
  }

  @Test
  default void mark_isToldAndIsNoCopy() {
    if (refusesMarks()) {
      return;
    }
    assertThat(probe().mark("before", 5, LONG)).isEqualTo(new WriteOutcome.Stored(5));
    if (probe().backend().feed().isEmpty()) {
      return;
    }
    given("there", value("old", 4));
    try (var feed = probe().follow()) {
      another().mark("there", 5, LONG);
      feed.awaitChanged("there");
      another().mark("never there", 5, LONG);
      feed.awaitChanged("never there");
      another().mark("there", 6, LONG);
      feed.awaitChanged("there");
      probe().forget("there", Duration.ZERO);
      feed.awaitChanged("there");

      assertThat(feed.heads("there", "never there", "before")).allMatch(Optional::isEmpty);
    }
  }

  private ReadOutcome.Absent leasing(String key) {
    return (ReadOutcome.Absent) probe().readOne(probe().request(key).withLease(LONG));
  }
}
