package dev.tiercel.testing;

import static dev.tiercel.testing.BackendTrial.tombstone;
import static dev.tiercel.testing.BackendTrial.value;
import static org.assertj.core.api.Assertions.assertThat;

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

    var refused = probe().lease("key", SHORT);
    assertThat(refused.granted()).isFalse();
    assertThat(refused.remainingMillis()).isBetween(1L, LONG.toMillis());
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
}
