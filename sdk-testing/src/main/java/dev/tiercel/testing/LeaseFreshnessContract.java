package dev.tiercel.testing;

import static dev.tiercel.testing.BackendTrial.atLeast;
import static dev.tiercel.testing.BackendTrial.tombstone;
import static dev.tiercel.testing.BackendTrial.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Freshness;
import dev.tiercel.backend.Lease;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.WriteOutcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A copy that is not as fresh as a reader wants counts as missing when a lease is asked for, and
 * stays for everybody else until it is filled anew.
 */
interface LeaseFreshnessContract extends LeaseTrial {

  @Test
  default void lease_copyBelowTheVersionWanted_isGrantedOnce() {
    if (refusesLeases() || !can(Feature.VERSIONS)) {
      return;
    }
    given("key", value("old", 5));
    assertThat(probe().readOne(leasing("key", atLeast(5)))).isInstanceOf(ReadOutcome.Found.class);

    var first = probe().lease(leasing("key", atLeast(6)));
    assertThat(first.granted()).isTrue();
    assertThat(first.remainingMillis()).isBetween(1L, LONG.toMillis());
    assertHeldElsewhere(probe().lease(leasing("key", atLeast(6))));
    assertStaysFor(leasing("key", Freshness.ANY));
    assertStaysFor(leasing("key", atLeast(6)).withLease(Duration.ZERO));
    assertStored(probe().fill("key", value("new", 6), first.token()), 6);
    assertThat(probe().readOne(leasing("key", atLeast(6)))).isInstanceOf(ReadOutcome.Found.class);
  }

  @Test
  default void lease_copyOlderThanWanted_isGrantedOnce() {
    if (refusesLeases() || !can(Feature.METADATA)) {
      return;
    }
    given("key", createdAgo("old", 5, LONG));
    var young = new Freshness(0, LONG.dividedBy(2));
    var old = new Freshness(0, LONG.multipliedBy(2));
    assertThat(probe().readOne(leasing("key", old))).isInstanceOf(ReadOutcome.Found.class);

    var first = probe().lease(leasing("key", young));
    assertThat(first.granted()).isTrue();
    assertHeldElsewhere(probe().lease(leasing("key", young)));
    assertStaysFor(leasing("key", old));
    assertStaysFor(leasing("key", young).withLease(Duration.ZERO));
  }

  @Test
  default void lease_tombstoneNotFreshEnough_isGranted() {
    if (refusesLeases() || !can(Feature.VERSIONS)) {
      return;
    }
    given("key", tombstone(5));
    assertThat(probe().lease(leasing("key", atLeast(5))).granted()).isFalse();

    var lease = probe().lease(leasing("key", atLeast(6)));
    assertThat(lease.granted()).isTrue();
    assertThat(probe().absent("key").version()).isEqualTo(5);
    assertStored(probe().fill("key", value("new", 6), lease.token()), 6);
  }

  @Test
  default void fill_ofTheSameVersionOverItsCopy_isStoredWithItsNewTimes() {
    if (refusesLeases() || !can(Feature.VERSIONS, Feature.METADATA)) {
      return;
    }
    given("key", createdAgo("value", 5, LONG));
    var token =
        probe().lease(leasing("key", new Freshness(0, LONG.dividedBy(2)))).token();
    var refreshed = createdAgo("value", 5, Duration.ZERO);

    assertStored(probe().fill("key", refreshed, token), 5);
    assertThat(probe().found("key").createdAtMillis()).isEqualTo(refreshed.createdAtMillis());
    assertThat(probe().lease("another", LONG).granted()).isTrue();
    assertRejected(probe().fill("key", value("again", 6), token), 5);
  }

  @Test
  default void fill_overACopy_isRefusedAfterAPutOrForAnOlderVersion() {
    if (refusesLeases() || !can(Feature.VERSIONS)) {
      return;
    }
    given("older", value("copy", 5));
    var older = probe().lease(leasing("older", atLeast(6))).token();
    assertRejected(probe().fill("older", value("lagging", 4), older), 5);
    assertHolds("older", value("copy", 5));

    given("put", value("copy", 5));
    var late = probe().lease(leasing("put", atLeast(6))).token();
    given("put", value("put", 7));
    assertRejected(probe().fill("put", value("late", 8), late), 7);
    assertHolds("put", value("put", 7));
  }

  @Test
  default void release_ofALeaseOverACopy_leavesTheCopy() {
    if (refusesLeases() || !can(Feature.VERSIONS)) {
      return;
    }
    given("key", value("old", 5));
    var token = probe().lease(leasing("key", atLeast(6))).token();
    var released = probe().release("key", token);

    assertThat(released).isInstanceOf(WriteOutcome.Stored.class);
    assertHolds("key", value("old", 5));
    assertThat(probe().lease(leasing("key", atLeast(6))).granted()).isTrue();
  }

  @Test
  default void holdOff_coversACopyNotFreshEnough() {
    if (refusesLeases() || !can(Feature.VERSIONS)) {
      return;
    }
    assertForgotten("key", LONG);
    given("key", value("put", 5));

    assertHeldElsewhere(probe().lease(leasing("key", atLeast(6))));
    assertStaysFor(leasing("key", Freshness.ANY));
  }

  private ReadRequest leasing(String key, Freshness freshness) {
    return probe().request(key).withFreshness(freshness).withLease(LONG);
  }

  private void assertStaysFor(ReadRequest reader) {
    assertThat(probe().readOne(reader)).isInstanceOf(ReadOutcome.Found.class);
  }

  private static void assertHeldElsewhere(Lease lease) {
    assertThat(lease.granted()).isFalse();
    assertThat(lease.remainingMillis()).isBetween(1L, LONG.toMillis());
  }

  private EncodedEntry createdAgo(String text, long version, Duration age) {
    return value(text, version).withTimes(time().millis() - age.toMillis(), 0, 0);
  }
}
