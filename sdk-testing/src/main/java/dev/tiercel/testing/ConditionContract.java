package dev.tiercel.testing;

import static dev.tiercel.testing.BackendTrial.assertRefused;
import static dev.tiercel.testing.BackendTrial.expiring;
import static dev.tiercel.testing.BackendTrial.tombstone;
import static dev.tiercel.testing.BackendTrial.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Condition;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.time.Version;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Writes under a condition: applied when it holds, rejected with the stored version when it does
 * not, refused when it is not declared.
 */
interface ConditionContract extends BackendTrial {

  /**
   * Versions that are neighbours for some wrong way of comparing: as doubles, as text, as 32 bits,
   * as signed halves, by bytes from the wrong end.
   */
  List<long[]> NEIGHBOURS = List.of(
      new long[] {1, 2},
      new long[] {9, 10},
      new long[] {255, 256},
      new long[] {0x7FFF_FFFFL, 0x8000_0000L},
      new long[] {0xFFFF_FFFFL, 0x1_0000_0000L},
      new long[] {0x1_7FFF_FFFFL, 0x1_8000_0000L},
      new long[] {0x1_FFFF_FFFFL, 0x2_0000_0000L},
      new long[] {1L << 53, (1L << 53) + 1},
      new long[] {(1L << 53) + 1, (1L << 53) + 2},
      new long[] {999_999_999_999_999_999L, 1_000_000_000_000_000_000L},
      new long[] {0x7FFF_FFFF_0000_0000L - 1, 0x7FFF_FFFF_0000_0000L},
      new long[] {Version.MAX - 2, Version.MAX - 1},
      new long[] {Version.MAX - 1, Version.MAX});

  @Test
  default void putIfAbsent_nothingThere_isStored() {
    var outcome = probe().put("key", value("new", 5), Condition.IF_ABSENT);

    if (can(Feature.IF_ABSENT)) {
      assertStored(outcome, 5);
      assertHolds("key", value("new", 5));
    } else {
      assertRefused(outcome);
      probe().absent("key");
    }
  }

  @Test
  default void putIfAbsent_liveValueThere_isRejectedWhateverItsVersion() {
    if (!can(Feature.IF_ABSENT)) {
      assertRefusedUndone(Condition.IF_ABSENT);
      return;
    }
    given("key", value("old", 5));
    for (var version : List.of(4L, 5L, 6L)) {
      assertRejected(probe().put("key", value("new", version), Condition.IF_ABSENT), 5);
    }
    assertHolds("key", value("old", 5));
  }

  @Test
  default void putIfAbsent_tombstoneThere_isStoredIfNewer() {
    if (!can(Feature.IF_ABSENT)) {
      assertRefusedUndone(Condition.IF_ABSENT);
      return;
    }
    given("key", value("old", 4));
    given("key", tombstone(5));
    if (can(Feature.VERSIONS)) {
      assertRejected(probe().put("key", value("new", 4), Condition.IF_ABSENT), 5);
      assertRejected(probe().put("key", value("new", 5), Condition.IF_ABSENT), 5);
      assertThat(probe().absent("key").version()).isEqualTo(5);
    }
    assertStored(probe().put("key", value("new", 6), Condition.IF_ABSENT), 6);
    assertHolds("key", value("new", 6));
  }

  @Test
  default void putIfAbsent_expiredValueThere_isStored() {
    if (!can(Feature.IF_ABSENT)) {
      assertRefusedUndone(Condition.IF_ABSENT);
      return;
    }
    given("key", can(Feature.METADATA) ? expiring("old", 5, time().millis() - 1) : tombstone(5));

    assertStored(probe().put("key", value("new", 6), Condition.IF_ABSENT), 6);
    assertHolds("key", value("new", 6));
  }

  @Test
  default void putIfVersion_thatVersionThere_isStored() {
    if (!can(Feature.IF_VERSION)) {
      assertRefusedUndone(new Condition.IfVersion(1));
      return;
    }
    given("key", value("old", 5));

    assertStored(probe().put("key", value("new", 6), new Condition.IfVersion(5)), 6);
    assertHolds("key", value("new", 6));
    assertStored(probe().put("key", tombstone(7), new Condition.IfVersion(6)), 7);
    assertThat(probe().absent("key").version()).isEqualTo(7);
  }

  @Test
  default void putIfVersion_anotherVersionThere_isRejectedWithIt() {
    if (!can(Feature.IF_VERSION)) {
      assertRefusedUndone(new Condition.IfVersion(1));
      return;
    }
    given("key", value("old", 5));

    assertRejected(probe().put("key", value("new", 9), new Condition.IfVersion(4)), 5);
    assertRejected(probe().put("key", value("new", 9), new Condition.IfVersion(6)), 5);
    assertRejected(probe().put("key", tombstone(9), new Condition.IfVersion(6)), 5);
    assertHolds("key", value("old", 5));
  }

  @Test
  default void putIfVersion_noLiveValueThere_isRejected() {
    if (!can(Feature.IF_VERSION)) {
      assertRefusedUndone(new Condition.IfVersion(1));
      return;
    }
    assertRejected(probe().put("never there", value("new", 9), new Condition.IfVersion(5)), 0);
    probe().absent("never there");

    given("deleted", tombstone(5));
    assertRejected(probe().put("deleted", value("new", 9), new Condition.IfVersion(5)), 5);
    assertThat(probe().absent("deleted").version()).isEqualTo(5);

    if (can(Feature.METADATA)) {
      given("expired", expiring("old", 5, time().millis() - 1));
      // Its version may be told or not: the value may be gone already.
      assertThat(probe().put("expired", value("new", 9), new Condition.IfVersion(5)))
          .isIn(new WriteOutcome.Rejected(5), new WriteOutcome.Rejected(0));
      probe().absent("expired");
    }
  }

  @Test
  default void putIfNewer_nothingThere_isStored() {
    var outcome = probe().put("key", value("new", 1), Condition.IF_NEWER);

    if (can(Feature.IF_NEWER)) {
      assertStored(outcome, 1);
      assertHolds("key", value("new", 1));
    } else {
      assertRefused(outcome);
      probe().absent("key");
    }
  }

  @Test
  default void putIfNewer_storedOnlyAboveTheStoredVersion() {
    for (var pair : NEIGHBOURS) {
      var key = "key" + pair[0];
      if (!can(Feature.IF_NEWER)) {
        assertRefused(probe().put(key, value("new", pair[1]), Condition.IF_NEWER));
        continue;
      }
      var lower = value("lower", pair[0]);
      var higher = value("higher", pair[1]);
      assertStored(probe().put(key, lower, Condition.IF_NEWER), pair[0]);
      assertRejected(probe().put(key, value("same", pair[0]), Condition.IF_NEWER), pair[0]);
      assertHolds(key, lower);
      assertStored(probe().put(key, higher, Condition.IF_NEWER), pair[1]);
      assertRejected(probe().put(key, lower, Condition.IF_NEWER), pair[1]);
      assertRejected(probe().put(key, value("same", pair[1]), Condition.IF_NEWER), pair[1]);
      assertHolds(key, higher);
    }
  }

  @Test
  default void putIfVersion_tellsNeighboursApart() {
    for (var pair : NEIGHBOURS) {
      var key = "key" + pair[0];
      if (!can(Feature.IF_VERSION)) {
        assertRefused(probe().put(key, value("new", 1), new Condition.IfVersion(pair[0])));
        continue;
      }
      given(key, value("higher", pair[1]));
      assertRejected(
          probe().put(key, value("new", pair[1]), new Condition.IfVersion(pair[0])), pair[1]);
      assertStored(
          probe().put(key, value("lower", pair[0]), new Condition.IfVersion(pair[1])), pair[0]);
      assertRejected(
          probe().put(key, value("new", pair[1]), new Condition.IfVersion(pair[1])), pair[0]);
      assertHolds(key, value("lower", pair[0]));
    }
  }

  @Test
  default void putIfNewer_tombstones_countLikeValues() {
    if (!can(Feature.IF_NEWER)) {
      assertRefusedUndone(Condition.IF_NEWER);
      return;
    }
    given("key", value("old", 5));
    assertRejected(probe().put("key", tombstone(5), Condition.IF_NEWER), 5);
    assertHolds("key", value("old", 5));

    assertStored(probe().put("key", tombstone(6), Condition.IF_NEWER), 6);
    assertRejected(probe().put("key", value("late", 5), Condition.IF_NEWER), 6);
    assertRejected(probe().put("key", value("late", 6), Condition.IF_NEWER), 6);
    assertThat(probe().absent("key").version()).isEqualTo(6);

    assertStored(probe().put("key", value("new", 7), Condition.IF_NEWER), 7);
    assertHolds("key", value("new", 7));
  }

  /**
   * A condition that is not declared is refused, for values and tombstones, and changes nothing.
   */
  private void assertRefusedUndone(Condition condition) {
    store(probe().keyspace(), "key", new byte[] {7});
    assertRefused(probe().put("key", value("new", Version.MAX), condition));
    assertRefused(probe().put("key", tombstone(Version.MAX), condition));
    assertRefused(probe().put("never there", value("new", 1), condition));
    assertThat(probe().found("key").payload()).containsExactly(7);
    probe().absent("never there");
  }
}
