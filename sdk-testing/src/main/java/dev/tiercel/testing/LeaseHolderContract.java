package dev.tiercel.testing;

import static dev.tiercel.testing.BackendTrial.tombstone;
import static dev.tiercel.testing.BackendTrial.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Condition;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.WriteOutcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the holder of a lease may do with it: keep it, give it back, or note an absence. */
interface LeaseHolderContract extends LeaseTrial {

  @Test
  default void renew_keepsTheLease() {
    if (refusesLeases()) {
      return;
    }
    var token = probe().lease("key", LONG).token();
    assertApplied(probe().renew("key", token, LONG.multipliedBy(2)));

    var held = probe().lease("key", LONG);
    assertThat(held.granted()).isFalse();
    assertThat(held.remainingMillis()).isGreaterThan(LONG.toMillis());
    assertStored(probe().fill("key", value("value", 1), token), 1);
  }

  @Test
  default void renew_beforeTheEnd_outlivesIt() {
    if (refusesLeases()) {
      return;
    }
    // Long enough to be renewed in time on any machine, short enough to wait for its end.
    var whole = Duration.ofMillis(400);
    var token = probe().lease("key", whole).token();
    assertThat(probe().lease("clock", whole).granted()).isTrue();
    assertApplied(probe().renew("key", token, LONG));
    awaitAfter(whole, "the end of a lease", () -> probe().lease("clock", SHORT).granted());

    assertThat(probe().lease("key", LONG).granted()).isFalse();
    assertStored(probe().fill("key", value("value", 1), token), 1);
  }

  @Test
  default void renew_withoutTheLease_isRefused() {
    if (refusesLeases()) {
      return;
    }
    assertNotApplied(probe().renew("never leased", 1234, LONG));
    assertThat(probe().lease("never leased", LONG).granted()).isTrue();
    var token = probe().lease("key", LONG).token();
    assertNotApplied(probe().renew("key", token + 1, LONG));
    assertNotApplied(probe().renew("key", 0, LONG));
    given("key", value("put", 1));

    assertNotApplied(probe().renew("key", token, LONG));
    assertHolds("key", value("put", 1));
  }

  @Test
  default void renew_ofAHoldOff_isRefused() {
    if (refusesLeases()) {
      return;
    }
    var token = probe().lease("key", LONG).token();
    assertForgotten("key", LONG);

    assertNotApplied(probe().renew("key", token, LONG));
    assertNotApplied(probe().renew("key", 0, LONG));
  }

  @Test
  default void renewAndRelease_afterTheEnd_areRefused() {
    if (refusesLeases()) {
      return;
    }
    var first = probe().lease("key", SHORT).token();
    var next = new long[1];
    awaitAfter(SHORT, "another lease", () -> {
      next[0] = probe().lease("key", LONG).token();
      return next[0] != 0;
    });

    assertNotApplied(probe().renew("key", first, LONG));
    assertNotApplied(probe().release("key", first));
    assertThat(probe().lease("key", LONG).granted()).isFalse();
    assertStored(probe().fill("key", value("value", 1), next[0]), 1);
  }

  @Test
  default void release_letsTheNextReaderLeaseAtOnce() {
    if (refusesLeases()) {
      return;
    }
    var first = probe().lease("key", LONG).token();
    assertApplied(probe().release("key", first));

    var next = probe().lease("key", LONG);
    assertThat(next.granted()).isTrue();
    assertThat(next.token()).isNotEqualTo(first);
    assertNotApplied(probe().fill("key", value("late", 1), first));
    assertStored(probe().fill("key", value("value", 2), next.token()), 2);
  }

  @Test
  default void release_withoutTheLease_isRefused() {
    if (refusesLeases()) {
      return;
    }
    assertNotApplied(probe().release("never leased", 1234));
    var token = probe().lease("key", LONG).token();
    assertNotApplied(probe().release("key", token + 1));
    assertNotApplied(probe().release("key", 0));
    assertThat(probe().lease("key", LONG).granted()).isFalse();
    assertApplied(probe().release("key", token));

    assertNotApplied(probe().release("key", token));
    probe().absent("key");
  }

  @Test
  default void release_leavesAHoldOffInForce() {
    if (refusesLeases()) {
      return;
    }
    var token = probe().lease("key", LONG).token();
    assertForgotten("key", LONG);

    assertNotApplied(probe().release("key", token));
    assertNotApplied(probe().release("key", 0));
    assertThat(probe().lease("key", LONG).granted()).isFalse();
  }

  @Test
  default void negative_underItsLease_isFilled_andAnyPutBeatsIt() {
    if (refusesLeases() || !can(Feature.VERSIONS)) {
      return;
    }
    for (var condition :
        new Condition[] {Condition.ALWAYS, Condition.IF_NEWER, Condition.IF_ABSENT}) {
      var key = condition.getClass().getSimpleName();
      var token = probe().lease(key, LONG).token();
      assertStored(probe().fill(key, tombstone(0), token), 0);
      assertThat(probe().absent(key).tombstone()).isNotNull();
      assertThat(probe().absent(key).version()).isZero();

      var outcome = probe().put(key, value("value", 1), condition);
      if (outcome instanceof WriteOutcome.Stored) {
        assertHolds(key, value("value", 1));
      } else {
        BackendTrial.assertRefused(outcome);
      }
    }
  }

  @Test
  default void negative_isKnownToALeasingReader() {
    if (refusesLeases() || !can(Feature.VERSIONS)) {
      return;
    }
    var token = probe().lease("key", LONG).token();
    assertStored(probe().fill("key", tombstone(0), token), 0);

    var outcome = probe().readOne(probe().request("key").withLease(LONG));
    assertThat(outcome).isInstanceOf(ReadOutcome.Absent.class);
    assertThat(((ReadOutcome.Absent) outcome).tombstone()).isNotNull();
    assertThat(((ReadOutcome.Absent) outcome).lease().granted()).isFalse();
  }

  private static void assertApplied(WriteOutcome outcome) {
    assertThat(outcome).isInstanceOf(WriteOutcome.Stored.class);
  }

  private static void assertNotApplied(WriteOutcome outcome) {
    assertThat(outcome).isInstanceOf(WriteOutcome.Rejected.class);
  }
}
