package dev.tiercel.testing;

import static dev.tiercel.testing.BackendTrial.assertRefused;
import static dev.tiercel.testing.BackendTrial.expiring;
import static dev.tiercel.testing.BackendTrial.tombstone;
import static dev.tiercel.testing.BackendTrial.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.time.Version;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Writes without a condition, and what is kept of an entry. */
interface WriteContract extends BackendTrial {

  @Test
  default void write_asManyMutationsAsAllowed_answersEachInOrder() {
    var count = Math.min(probe().backend().capabilities().maxWriteMutations(), 100);
    var mutations = IntStream.range(0, count)
        .<Mutation>mapToObj(
            i -> new Mutation.Put("key" + i, value("value" + i, i + 1), Condition.ALWAYS))
        .toList();

    var outcomes = probe().writeAll(mutations);

    for (var i = 0; i < count; i++) {
      if (can(Feature.WRITE)) {
        assertStored(outcomes.get(i), i + 1);
      } else {
        assertRefused(outcomes.get(i));
        probe().absent("key" + i);
      }
    }
    if (can(Feature.WRITE)) {
      assertHolds("key0", value("value0", 1));
      assertHolds("key" + (count - 1), value("value" + (count - 1), count));
    }
  }

  @Test
  default void write_someConditionsDoNotHold_othersAreApplied() {
    var mutations = new ArrayList<Mutation>();
    for (var i = 0; i < Math.min(5, probe().backend().capabilities().maxWriteMutations()); i++) {
      mutations.add(new Mutation.Put("key" + i, value("new", 5), Condition.IF_NEWER));
    }
    if (can(Feature.WRITE)) {
      given("key1", value("old", 9));
      given("key3", value("old", 5));
    }

    var outcomes = probe().writeAll(mutations);

    for (var i = 0; i < mutations.size(); i++) {
      if (!can(Feature.IF_NEWER)) {
        assertRefused(outcomes.get(i));
      } else if (i == 1) {
        assertRejected(outcomes.get(i), 9);
      } else if (i == 3) {
        assertRejected(outcomes.get(i), 5);
      } else {
        assertStored(outcomes.get(i), 5);
      }
    }
  }

  @Test
  default void put_always_replacesWhateverIsThere() {
    if (!can(Feature.WRITE)) {
      store(probe().keyspace(), "key", new byte[] {7});
      assertRefused(probe().put("key", value("new", 1), Condition.ALWAYS));
      assertThat(probe().found("key").payload()).containsExactly(7);
      return;
    }
    given("key", value("newer", 9));
    given("key", value("older", 3));
    assertHolds("key", value("older", 3));

    given("key", tombstone(4));
    given("key", value("again", 2));
    assertHolds("key", value("again", 2));
  }

  @Test
  default void delete_leavesATombstone_orNothing() {
    if (!can(Feature.WRITE)) {
      store(probe().keyspace(), "key", new byte[] {7});
      assertRefused(probe().put("key", tombstone(2), Condition.ALWAYS));
      assertThat(probe().found("key").payload()).containsExactly(7);
      return;
    }
    given("key", value("value", 1));
    given("key", tombstone(2));
    given("never there", tombstone(3));

    if (can(Feature.VERSIONS)) {
      assertThat(probe().absent("key").version()).isEqualTo(2);
      assertThat(probe().absent("key").tombstone()).isNotNull();
      assertThat(probe().absent("never there").version()).isEqualTo(3);
    } else {
      assertThat(probe().absent("key").tombstone()).isNull();
      assertThat(probe().absent("never there").tombstone()).isNull();
    }
  }

  @Test
  default void write_ofAnEntryThatIsOver_isReadAsAbsentWhereExpiriesAreKept() {
    if (!can(Feature.WRITE)) {
      assertRefused(
          probe().put("over", expiring("over", 1, time().millis() - 60_000), Condition.ALWAYS));
      return;
    }
    given("over", expiring("over", 1, time().millis() - 60_000));
    given("ahead", expiring("ahead", 1, time().millis() + 3_600_000));

    assertThat(probe().found("ahead").size()).isEqualTo(5);
    assertThat(probe().read("over") instanceof ReadOutcome.Absent).isEqualTo(can(Feature.EXPIRY));
  }

  @Test
  default void put_metadata_comesBackAsItWas_orNotAtAll() {
    var now = time().millis();
    var payload = "value".getBytes(StandardCharsets.UTF_8);
    var entry = new EncodedEntry(
        payload, EncodedEntry.MAX_CODEC_ID, compression(), 7, now - 1, now + 50_001, now + 100_003);
    var bare = new EncodedEntry(payload, 1, 0, Version.of(now, 3), 0, 0, 0);
    var mark = EncodedEntry.tombstone(8, now - 2, now + 100_007);
    if (!can(Feature.WRITE)) {
      assertRefused(probe().put("key", entry, Condition.ALWAYS));
      return;
    }
    if (!can(Feature.METADATA)) {
      given("key", bare);
      assertThat(probe().found("key"))
          .isEqualTo(
              EncodedEntry.plain(payload).withVersion(can(Feature.VERSIONS) ? bare.version() : 0));
      return;
    }
    given("key", entry);
    given("bare", bare);
    given("deleted", mark);

    var versions = can(Feature.VERSIONS);
    assertThat(probe().found("key")).isEqualTo(versions ? entry : entry.withVersion(0));
    assertThat(probe().found("bare")).isEqualTo(versions ? bare : bare.withVersion(0));
    assertThat(probe().absent("deleted").tombstone()).isEqualTo(versions ? mark : null);
  }

  @Test
  default void put_versionsOfAnySize_comeBackAsTheyWere() {
    for (var version : List.of(
        1L,
        255L,
        256L,
        1L << 31,
        1L << 32,
        (1L << 53) + 1,
        Version.of(time().millis(), 0xFFFF),
        Version.MAX - 1,
        Version.MAX)) {
      if (can(Feature.WRITE)) {
        given("key" + version, value("value", version));
        assertHolds("key" + version, value("value", version));
        given("key" + version, tombstone(version));
        assertThat(probe().absent("key" + version).version())
            .isEqualTo(can(Feature.VERSIONS) ? version : 0);
      } else {
        assertRefused(probe().put("key" + version, value("value", version), Condition.ALWAYS));
      }
    }
  }

  @Test
  default void entry_whoseTimeIsOver_isAbsent() {
    var soon = time().millis() + SHORT.toMillis();
    if (!can(Feature.WRITE)) {
      assertRefused(probe().put("key", expiring("value", 1, soon), Condition.ALWAYS));
      return;
    }
    given("later", expiring("value", 1, time().millis() + LONG.toMillis()));
    assertHolds("later", value("value", 1));
    if (!can(Feature.METADATA)) {
      return;
    }
    given("key", expiring("value", 1, soon));
    given("deleted", EncodedEntry.tombstone(1, 0, soon));

    awaitAfter(SHORT, "absence", () -> time().millis() >= soon);
    assertThat(probe().absent("key").tombstone()).isNull();
    assertThat(probe().absent("deleted").tombstone()).isNull();
    assertHolds("later", value("value", 1));
  }

  @Test
  default void put_thatIsOverAlready_leavesTheKeyAbsent() {
    var past = expiring("value", 2, time().millis() - 1);
    if (!can(Feature.WRITE)) {
      assertRefused(probe().put("key", past, Condition.ALWAYS));
      return;
    }
    given("key", value("old", 1));
    given("key", can(Feature.METADATA) ? past : tombstone(2));
    assertThat(probe().read("key")).isInstanceOf(ReadOutcome.Absent.class);
  }
}
