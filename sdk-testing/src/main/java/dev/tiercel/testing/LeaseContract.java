package dev.tiercel.testing;

import static dev.tiercel.testing.BackendTrial.assertRefused;
import static dev.tiercel.testing.BackendTrial.expiring;
import static dev.tiercel.testing.BackendTrial.tombstone;
import static dev.tiercel.testing.BackendTrial.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Condition;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Lease;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Leases and the fills under them. */
interface LeaseContract extends LeaseTrial {

  @Test
  default void lease_missingKey_isGrantedOnce() {
    if (refusesLeases()) {
      return;
    }
    var first = probe().lease("key", LONG);
    var second = probe().lease("key", LONG);

    assertThat(first.granted()).isTrue();
    assertThat(first.remainingMillis()).isBetween(1L, LONG.toMillis());
    assertThat(second.granted()).isFalse();
    assertThat(second.remainingMillis()).isBetween(1L, LONG.toMillis());
    assertThat(probe().absent("key").lease()).isEqualTo(Lease.NONE);
  }

  @Test
  default void lease_manyKeys_isGrantedForTheMissingOnly() {
    if (refusesLeases()) {
      return;
    }
    given("there", value("value", 1));
    probe().lease("leased", LONG);
    var request = ReadRequest.of(probe().keyspace(), List.of("one", "there", "leased", "other"))
        .withLease(LONG);

    var outcomes = probe().read(request);

    assertThat(outcomes.get(1)).isInstanceOf(ReadOutcome.Found.class);
    var one = ((ReadOutcome.Absent) outcomes.get(0)).lease();
    var other = ((ReadOutcome.Absent) outcomes.get(3)).lease();
    assertThat(one.granted()).isTrue();
    assertThat(other.granted()).isTrue();
    assertThat(one.token()).isNotEqualTo(other.token());
    assertThat(((ReadOutcome.Absent) outcomes.get(2)).lease().granted()).isFalse();
  }

  @Test
  default void lease_ofOneKeyspace_isNoneOfAnother() {
    if (refusesLeases()) {
      return;
    }
    var other = probe().in(probe().keyspace() + ":b");
    var first = probe().lease("b:c", LONG);

    if (keepsKeyspacesApart()) {
      assertThat(other.lease("c", LONG).granted()).isTrue();
      assertThat(other.lease("b:c", LONG).granted()).isTrue();
    }
    assertStored(probe().fill("b:c", value("value", 1), first.token()), 1);
  }

  @Test
  default void lease_runsOutByItself() {
    if (refusesLeases()) {
      return;
    }
    var first = probe().lease("key", SHORT);
    assertThat(first.granted()).isTrue();

    var next = new Lease[1];
    awaitAfter(SHORT, "another lease", () -> {
      next[0] = probe().lease("key", LONG);
      return next[0].granted();
    });

    assertThat(next[0].token()).isNotEqualTo(first.token());
    assertRejected(probe().fill("key", value("late", 1), first.token()), 0);
    probe().absent("key");
    assertStored(probe().fill("key", value("value", 2), next[0].token()), 2);
  }

  @Test
  default void lease_ranOut_lateFillIsRefused() {
    if (refusesLeases()) {
      return;
    }
    var token = probe().lease("key", SHORT).token();
    var clock = probe().lease("clock", SHORT);
    assertThat(clock.granted()).isTrue();
    awaitAfter(SHORT, "the end of a lease", () -> probe().lease("clock", SHORT).granted());

    assertRejected(probe().fill("key", value("late", 1), token), 0);
    probe().absent("key");
  }

  @Test
  default void lease_expiredValue_isGranted() {
    if (refusesLeases()) {
      return;
    }
    given("key", can(Feature.METADATA) ? expiring("old", 1, time().millis() - 1) : value("old", 1));
    if (!can(Feature.METADATA)) {
      assertHolds("key", value("old", 1));
      return;
    }
    var lease = probe().lease("key", LONG);

    assertThat(lease.granted()).isTrue();
    assertStored(probe().fill("key", value("value", 2), lease.token()), 2);
    assertHolds("key", value("value", 2));
  }

  @Test
  default void fill_underItsLease_isStoredAndEndsIt() {
    if (refusesLeases()) {
      return;
    }
    var token = probe().lease("key", LONG).token();

    assertStored(probe().fill("key", value("value", 5), token), 5);
    assertHolds("key", value("value", 5));
    assertRejected(probe().fill("key", value("again", 6), token), 5);
    assertHolds("key", value("value", 5));
  }

  @Test
  default void fill_ofATombstone_isStored() {
    if (refusesLeases()) {
      return;
    }
    var token = probe().lease("key", LONG).token();

    assertStored(probe().fill("key", tombstone(5), token), 5);
    assertThat(probe().absent("key").version()).isEqualTo(can(Feature.VERSIONS) ? 5 : 0);
  }

  @Test
  default void fill_withoutItsLease_isRefused() {
    if (refusesLeases()) {
      return;
    }
    assertRejected(probe().fill("key", value("value", 1), 1234), 0);
    var token = probe().lease("key", LONG).token();
    assertRejected(probe().fill("key", value("value", 1), token + 1), 0);
    assertRejected(probe().fill("another", value("value", 1), token), 0);
    assertRejected(probe().fill("key", value("value", 1), 0), 0);
    probe().absent("key");
    probe().absent("another");
    assertStored(probe().fill("key", value("value", 1), token), 1);
  }

  @Test
  default void fill_afterAPut_isRefused() {
    if (refusesLeases()) {
      return;
    }
    var token = probe().lease("key", LONG).token();
    given("key", value("put", 2));

    assertRejected(probe().fill("key", value("late", 1), token), 2);
    assertRejected(probe().fill("key", value("late", 3), token), 2);
    assertHolds("key", value("put", 2));
  }

  @Test
  default void fill_afterADelete_isRefused() {
    if (refusesLeases()) {
      return;
    }
    var token = probe().lease("key", LONG).token();
    given("key", tombstone(2));

    assertRejected(probe().fill("key", value("late", 1), token), 2);
    assertRejected(probe().fill("key", value("late", 3), token), 2);
    assertThat(probe().absent("key").version()).isEqualTo(can(Feature.VERSIONS) ? 2 : 0);
  }

  @Test
  default void fill_afterAConditionalPut_isRefused() {
    if (refusesLeases()) {
      return;
    }
    var conditions = List.of(
        new Case("if newer", Feature.IF_NEWER, Condition.IF_NEWER),
        new Case("if absent", Feature.IF_ABSENT, Condition.IF_ABSENT));
    for (var condition : conditions) {
      var token = probe().lease(condition.key(), LONG).token();
      var outcome = probe().put(condition.key(), value("put", 2), condition.condition());
      if (can(condition.feature())) {
        assertStored(outcome, 2);
        assertRejected(probe().fill(condition.key(), value("late", 3), token), 2);
        assertHolds(condition.key(), value("put", 2));
      } else {
        assertRefused(outcome);
        assertStored(probe().fill(condition.key(), value("late", 3), token), 3);
      }
    }
  }

  @Test
  default void fill_afterAForget_isRefused() {
    if (refusesLeases()) {
      return;
    }
    var token = probe().lease("key", LONG).token();
    assertForgotten("key", Duration.ZERO);

    assertRejected(probe().fill("key", value("late", 1), token), 0);
    var next = probe().lease("key", LONG);
    assertThat(next.granted()).isTrue();
    assertRejected(probe().fill("key", value("late", 1), token), 0);
    assertStored(probe().fill("key", value("value", 2), next.token()), 2);
  }

  /** A key for each condition, and what declares it. */
  record Case(String key, Feature feature, Condition condition) {}
}
