package dev.tiercel.testing;

import static dev.tiercel.testing.BackendTrial.atLeast;
import static dev.tiercel.testing.BackendTrial.tombstone;
import static dev.tiercel.testing.BackendTrial.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Condition;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Lease;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.WriteOutcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a cache forgets, and for how long nothing may be filled afterwards. */
interface HoldOffContract extends LeaseTrial {

  @Test
  default void forget_dropsTheValue() {
    if (refusesLeases()) {
      return;
    }
    given("key", value("value", 5));
    given("deleted", tombstone(5));
    assertForgotten("key", Duration.ZERO);
    assertForgotten("deleted", Duration.ZERO);
    assertForgotten("never there", Duration.ZERO);

    assertThat(probe().absent("key").tombstone()).isNull();
    assertThat(probe().absent("deleted").tombstone()).isNull();
    assertThat(probe().lease("key", LONG).granted()).isTrue();
    assertThat(probe().lease("never there", LONG).granted()).isTrue();
  }

  @Test
  default void forget_withHoldOff_grantsNoLeaseUntilItIsOver() {
    if (refusesLeases()) {
      return;
    }
    var token = probe().lease("key", LONG).token();
    assertForgotten("key", LONG);
    assertForgotten("soon", SHORT);

    assertThat(probe().lease("key", SHORT)).isEqualTo(Lease.NONE);
    assertRejected(probe().fill("key", value("late", 1), token), 0);
    assertRejected(probe().fill("key", value("late", 1), 0), 0);

    awaitAfter(
        SHORT, "a lease after the hold-off", () -> probe().lease("soon", LONG).granted());
    assertThat(probe().lease("key", LONG).granted()).isFalse();
  }

  @Test
  default void holdOff_isNeverShortened() {
    if (refusesLeases()) {
      return;
    }
    given("key", value("value", 1));
    assertForgotten("key", LONG);
    assertForgotten("key", Duration.ZERO);
    assertThat(probe().lease("key", SHORT).granted()).isFalse();
    assertForgotten("key", SHORT);
    // A second key tells when the shorter hold-off and the lease asked for would be over.
    assertForgotten("clock", SHORT);
    awaitAfter(
        SHORT,
        "a lease after the shorter hold-off",
        () -> probe().lease("clock", LONG).granted());

    assertThat(probe().lease("key", LONG).granted()).isFalse();
  }

  @Test
  default void holdOff_isLengthened() {
    if (refusesLeases()) {
      return;
    }
    assertForgotten("key", SHORT);
    assertForgotten("clock", SHORT);
    assertForgotten("key", LONG);
    awaitAfter(
        SHORT,
        "a lease after the shorter hold-off",
        () -> probe().lease("clock", LONG).granted());

    assertThat(probe().lease("key", LONG).granted()).isFalse();
  }

  @Test
  default void holdOff_aPutIsStored_butTheHoldOffStays() {
    if (refusesLeases()) {
      return;
    }
    assertForgotten("key", LONG);
    given("key", value("put", 2));
    assertHolds("key", value("put", 2));
    assertForgotten("key", Duration.ZERO);

    assertThat(probe().lease("key", LONG).granted()).isFalse();
  }

  @Test
  default void forget_belowAVersion_dropsOlderCopiesOnly() {
    if (refusesLeases() || !can(Feature.VERSIONS)) {
      return;
    }
    given("older", value("value", 4));
    given("same", value("value", 5));
    given("newer", value("value", 6));
    given("deleted", tombstone(5));
    for (var key : new String[] {"older", "same", "newer", "deleted", "never there"}) {
      assertThat(probe().write(new Mutation.Forget(key, LONG, 5)))
          .isInstanceOf(WriteOutcome.Stored.class);
    }

    probe().absent("older");
    assertHolds("same", value("value", 5));
    assertHolds("newer", value("value", 6));
    assertThat(probe().absent("deleted").version()).isEqualTo(5);
    assertThat(probe().lease("older", LONG).granted()).isFalse();
    assertThat(probe().lease("never there", LONG).granted()).isFalse();
  }

  @Test
  default void forget_belowAVersionThatIsThere_leavesTheLease() {
    if (refusesLeases() || !can(Feature.VERSIONS)) {
      return;
    }
    given("key", value("value", 5));
    var token = probe().lease(probe().request("key").withFreshness(atLeast(6)).withLease(LONG));
    assertThat(probe().write(new Mutation.Forget("key", LONG, 5)))
        .isInstanceOf(WriteOutcome.Stored.class);

    assertStored(probe().fill("key", value("filled", 6), token.token()), 6);
  }

  @Test
  default void forget_thenAnOlderPutThatComesLate_isRefused() {
    if (refusesLeases() || !can(Feature.VERSIONS, Feature.IF_NEWER)) {
      return;
    }
    given("key", value("value", 5));
    assertForgotten("key", Duration.ZERO);

    assertThat(probe().put("key", value("late", 4), Condition.IF_NEWER))
        .isInstanceOf(WriteOutcome.Rejected.class);
    assertThat(probe().put("key", value("late", 5), Condition.IF_NEWER))
        .isInstanceOf(WriteOutcome.Rejected.class);
    probe().absent("key");
    assertStored(probe().put("key", value("newer", 6), Condition.IF_NEWER), 6);
    assertHolds("key", value("newer", 6));
  }

  /** The source may have gone back, by an unconditional write: that is why the cache forgot. */
  @Test
  default void forget_thenALoadOfAnOlderVersion_isFilled() {
    if (refusesLeases()) {
      return;
    }
    given("key", value("value", 5));
    assertForgotten("key", Duration.ZERO);
    var token = probe().lease("key", LONG).token();

    assertStored(probe().fill("key", value("loaded", 4), token), 4);
    assertHolds("key", value("loaded", 4));
  }
}
