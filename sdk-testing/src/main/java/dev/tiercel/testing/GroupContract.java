package dev.tiercel.testing;

import static dev.tiercel.testing.BackendTrial.assertRefused;
import static dev.tiercel.testing.BackendTrial.tombstone;
import static dev.tiercel.testing.BackendTrial.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Groups invalidated in constant time, by barriers that readers are told of. */
interface GroupContract extends BackendTrial {

  /** Without groups: no barrier is told, and to raise one is refused. */
  default boolean refusesGroups() {
    if (can(Feature.GROUPS)) {
      return false;
    }
    assertRefused(probe().write(new Mutation.Barrier("group")));
    assertRefused(probe().write(new Mutation.Barrier(Barriers.ALL)));
    assertThat(probe().barriers(Barriers.NONE)).isEqualTo(Barriers.NONE);
    return true;
  }

  @Test
  default void barrier_increasesStrictly() {
    if (refusesGroups()) {
      return;
    }
    var last = 0L;
    for (var group : List.of("a", "a", "b", Barriers.ALL, "a", Barriers.ALL, Barriers.ALL)) {
      var next = probe().barrier(group);
      assertThat(next).isGreaterThan(last);
      last = next;
    }
  }

  @Test
  default void barrier_isToldToWhoeverDoesNotKnowIt() {
    if (refusesGroups()) {
      return;
    }
    assertThat(probe().barriers(Barriers.NONE).byGroup()).isEmpty();
    var first = probe().barrier("first");
    var knowing = probe().barriers(Barriers.NONE);
    var second = probe().barrier("second");

    assertThat(knowing).isEqualTo(Barriers.of("first", first));
    assertThat(probe().barriers(knowing)).isEqualTo(Barriers.of("second", second));
    var all = probe().barriers(Barriers.NONE);
    assertThat(all).isEqualTo(knowing.and(Barriers.of("second", second)));
    assertThat(probe().barriers(all).byGroup()).isEmpty();
    assertThat(another().barriers(knowing)).isEqualTo(Barriers.of("second", second));
  }

  @Test
  default void barrier_raisedAgain_isToldOnceMore() {
    if (refusesGroups()) {
      return;
    }
    probe().barrier("group");
    var known = probe().barriers(Barriers.NONE);
    var again = another().barrier("group");

    assertThat(probe().barriers(known)).isEqualTo(Barriers.of("group", again));
    assertThat(probe().barriers(Barriers.NONE).of("group")).isEqualTo(again);
  }

  @Test
  default void barrier_ofTheWholeKeyspace_isToldAsSuch() {
    if (refusesGroups()) {
      return;
    }
    probe().barrier("group");
    var known = probe().barriers(Barriers.NONE);
    var whole = probe().barrier(Barriers.ALL);

    assertThat(probe().barriers(known)).isEqualTo(Barriers.of(Barriers.ALL, whole));
    assertThat(probe().barriers(Barriers.NONE).of(Barriers.ALL)).isEqualTo(whole);
  }

  @Test
  default void barrier_ofOneKeyspace_isNoneOfAnother() {
    if (refusesGroups()) {
      return;
    }
    var other = probe().in(probe().keyspace() + ":b");
    probe().barrier("group");
    probe().barrier("b:group");
    probe().barrier(Barriers.ALL);

    if (keepsKeyspacesApart()) {
      assertThat(other.barriers(Barriers.NONE).byGroup()).isEmpty();
    }
    assertThat(probe().barriers(Barriers.NONE).byGroup()).isNotEmpty();
  }

  @Test
  default void barrier_isNoKey() {
    if (refusesGroups()) {
      return;
    }
    given("group", value("value", 1));
    probe().barrier("group");
    probe().barrier(Barriers.ALL);

    assertHolds("group", value("value", 1));
  }

  @Test
  default void barrier_ofAnEntry_isKept() {
    if (refusesGroups()) {
      return;
    }
    given("put", value("value", 1).withBarrier(7));
    given("deleted", tombstone(1).withBarrier(8));
    assertThat(probe().found("put").barrier()).isEqualTo(7);
    var mark = probe().absent("deleted").tombstone();
    assertThat(mark == null ? 0 : mark.barrier()).isEqualTo(8);
    if (can(Feature.LEASES)) {
      var token = probe().lease("filled", LONG).token();
      var large = 1_750_000_000_123_456L;
      assertStored(probe().fill("filled", value("value", 1).withBarrier(large), token), 1);
      assertThat(probe().found("filled").barrier()).isEqualTo(large);
    }
  }

  @Test
  default void lease_copyLoadedBeforeTheWholeKeyspacesBarrier_isGranted() {
    if (refusesGroups()) {
      return;
    }
    given("key", value("old", 1));
    var barrier = another().barrier(Barriers.ALL);
    assertHolds("key", value("old", 1));
    if (!can(Feature.LEASES)) {
      return;
    }
    var lease = probe().lease("key", LONG);

    assertThat(lease.granted()).isTrue();
    assertHolds("key", value("old", 1));
    assertThat(probe().lease("key", LONG).granted()).isFalse();
    var loaded = value("loaded", 1).withBarrier(barrier);
    assertStored(probe().fill("key", loaded, lease.token()), 1);
    assertThat(leasing("key")).isInstanceOf(ReadOutcome.Found.class);
  }

  @Test
  default void lease_copyLoadedAfterTheBarrier_isNotGranted() {
    if (refusesGroups() || !can(Feature.LEASES)) {
      return;
    }
    var barrier = probe().barrier(Barriers.ALL);
    assertStored(probe().put("key", value("new", 1).withBarrier(barrier), Condition.ALWAYS), 1);
    probe().barrier("group");

    assertThat(leasing("key")).isInstanceOf(ReadOutcome.Found.class);
  }

  @Test
  default void lease_readerWhoKnowsALaterBarrier_isGranted() {
    if (refusesGroups() || !can(Feature.LEASES)) {
      return;
    }
    given("key", value("value", 1).withBarrier(5));
    var request = probe().request("key").withLease(LONG);
    assertThat(probe().readOne(knowing(request, 5))).isInstanceOf(ReadOutcome.Found.class);

    assertThat(probe().lease(knowing(request, 6)).granted()).isTrue();
  }

  private ReadOutcome leasing(String key) {
    return probe().readOne(probe().request(key).withLease(LONG));
  }

  private static ReadRequest knowing(ReadRequest request, long barrier) {
    return request.withBarriers(Barriers.of(Barriers.ALL, barrier));
  }
}
