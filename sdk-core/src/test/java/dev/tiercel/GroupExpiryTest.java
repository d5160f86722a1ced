package dev.tiercel;

import static dev.tiercel.Rig.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.backend.Staleness;
import dev.tiercel.backend.Tier;
import dev.tiercel.error.InvalidRequest;
import dev.tiercel.error.Unavailable;
import dev.tiercel.testing.StagedBackend.Point;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Expiring a group or everything at once: nothing loaded before is served after. */
class GroupExpiryTest {

  private static final String GROUP = "red";

  private final Rig rig = new Rig(GroupExpiryTest::byColour);
  private final Keyspace<String, String> other = rig.process(GroupExpiryTest::byColour);

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void expireGroup_itsKeysAreLoadedAnewAndOthersAreNot() {
    load("a", "red old", 1);
    load("b", "blue", 1);
    rig.writeAtSource("a", "red new", 2);
    rig.keyspace.expireGroup(GROUP);

    assertThat(rig.keyspace.get("a")).isEqualTo("red new");
    assertThat(rig.keyspace.getEntry("b")).satisfies(entry -> {
      assertThat(entry.tier()).isEqualTo(Tier.LOCAL);
      assertThat(entry.staleness()).isEqualTo(Staleness.FRESH);
    });
  }

  @Test
  void expireAll_everythingIsLoadedAnew() {
    load("a", "red old", 1);
    load("b", "blue old", 1);
    rig.writeAtSource("a", "red new", 2);
    rig.writeAtSource("b", "blue new", 2);
    rig.keyspace.expireAll();

    assertThat(rig.keyspace.getAll(List.of("a", "b")).values())
        .containsEntry("a", "red new")
        .containsEntry("b", "blue new");
  }

  @Test
  void expireGroup_otherProcessesHearOfItByTheFeed() {
    load("a", "red old", 1);
    assertThat(other.get("a")).isEqualTo("red old");
    rig.writeAtSource("a", "red new", 2);
    rig.keyspace.expireGroup(GROUP);

    assertThat(other.get("a")).isEqualTo("red new");
  }

  @Test
  void expireAll_otherProcessesHearOfItByTheFeed() {
    load("a", "red old", 1);
    assertThat(other.get("a")).isEqualTo("red old");
    rig.writeAtSource("a", "red new", 2);
    rig.keyspace.expireAll();

    assertThat(other.get("a")).isEqualTo("red new");
  }

  @Test
  void expireGroup_feedIsCut_otherProcessesLearnOfItWithTheirNextRemoteRead() {
    load("a", "red old", 1);
    assertThat(other.get("a")).isEqualTo("red old");
    rig.remote.cutFeed();
    rig.keyspace.expireGroup(GROUP);
    rig.writeAtSource("a", "red new", 2);
    assertThat(other.getEntry("a").staleness()).isEqualTo(Staleness.SUSPECT);
    assertThat(other.get("b")).isNull();

    assertThat(other.get("a")).isEqualTo("red new");
  }

  @Test
  void copyFromBefore_isServedToNobodyAndReplaced() {
    load("a", "red old", 1);
    rig.writeAtSource("a", "red new", 2);
    rig.keyspace.expireGroup(GROUP);
    var newcomer = rig.process(GroupExpiryTest::byColour);
    assertThat(rig.remoteValue("a")).isEqualTo("red old");

    assertThat(newcomer.getEntry("a")).satisfies(entry -> {
      assertThat(entry.value()).isEqualTo("red new");
      assertThat(entry.tier()).isEqualTo(Tier.SOURCE);
    });
    assertThat(rig.process(GroupExpiryTest::byColour).get("a")).isEqualTo("red new");
    assertThat(rig.remoteValue("a")).isEqualTo("red new");
  }

  @Test
  void copyFromBeforeOfTheSameVersion_isReplacedToo() {
    load("a", "red", 1);
    rig.keyspace.expireGroup(GROUP);

    assertThat(other.getEntry("a").tier()).isEqualTo(Tier.SOURCE);
    assertThat(rig.process(GroupExpiryTest::byColour).get("a")).isEqualTo("red");
    assertThat(rig.process(GroupExpiryTest::byColour).getEntry("a").tier()).isEqualTo(Tier.REMOTE);
  }

  @Test
  void copyFromBeforeExpireAll_isLeasedAndReplacedAtOnce() {
    load("a", "red old", 1);
    rig.writeAtSource("a", "red new", 2);
    rig.keyspace.expireAll();

    assertThat(other.get("a")).isEqualTo("red new");
    assertThat(rig.remoteValue("a")).isEqualTo("red new");
  }

  @Test
  void loadThatBeganBefore_isCachedNowhere() {
    rig.writeAtSource("a", "red old", 1);
    var load = rig.source.holdReads(Point.ANSWER);
    var reader = rig.async.get("a");
    other.expireGroup(GROUP);
    rig.writeAtSource("a", "red new", 2);
    load.release();

    assertThat(reader).isCompletedWithValue("red old");
    assertThat(rig.events.refusedFills).contains(Tier.LOCAL);
    assertThat(other.get("a")).isEqualTo("red new");
    assertThat(rig.keyspace.get("a")).isEqualTo("red new");
  }

  @Test
  void loadThatBeganBeforeAndIsFilledAfter_isNotServedByTheRemoteTier() {
    rig.writeAtSource("a", "red old", 1);
    var load = rig.source.holdReads(Point.ANSWER);
    var reader = other.async().get("a");
    rig.keyspace.expireGroup(GROUP);
    load.release();
    rig.writeAtSource("a", "red new", 2);

    assertThat(reader).isCompletedWithValue("red old");
    assertThat(rig.remoteValue("a")).isEqualTo("red old");
    assertThat(rig.keyspace.get("a")).isEqualTo("red new");
  }

  @Test
  void readerWhoComesAfter_doesNotJoinTheLoadFromBefore() {
    rig.writeAtSource("a", "red old", 1);
    rig.source.holdReads(Point.ANSWER);
    var before = rig.async.get("a");
    rig.writeAtSource("a", "red new", 2);
    rig.source.pass();
    rig.keyspace.expireGroup(GROUP);
    var after = rig.async.get("a");
    rig.time.advance(Rig.DEADLINE.dividedBy(2));

    assertThat(before).isNotDone();
    assertThat(after).isCompletedWithValue("red new");
  }

  @Test
  void putThatBeganBefore_isNotKeptHere() {
    var write = rig.source.holdWrites(Point.ANSWER);
    var put = rig.async.put("a", "red");
    other.expireGroup(GROUP);
    write.release();

    assertThat(put).isCompleted();
    assertThat(rig.keyspace.getEntry("a").tier()).isEqualTo(Tier.SOURCE);
  }

  @Test
  void absences_dieWithEveryGroup() {
    assertThat(rig.keyspace.get("a")).isNull();
    assertThat(other.get("a")).isNull();
    rig.writeAtSource("a", "red", 1);
    rig.keyspace.expireGroup(GROUP);

    assertThat(rig.keyspace.get("a")).isEqualTo("red");
    assertThat(other.get("a")).isEqualTo("red");
  }

  @Test
  void barrierCannotBeRaised_thisProcessForgetsEverything() {
    load("a", "red", 1);
    load("b", "blue", 1);
    rig.remote.failWrites(Rig.down());
    var expired = rig.async.expireGroup(GROUP);

    assertThat(failureOf(expired)).isInstanceOf(Unavailable.class);
    assertThat(rig.keyspace.getEntry("a").tier()).isEqualTo(Tier.REMOTE);
    assertThat(rig.keyspace.getEntry("b").tier()).isEqualTo(Tier.REMOTE);
  }

  @Test
  void barrierCannotBeRaised_loadsFromBeforeAreNotKept() {
    rig.writeAtSource("a", "red old", 1);
    var load = rig.source.holdReads(Point.ANSWER);
    var reader = rig.async.get("a");
    rig.remote.failWrites(Rig.down());
    var expired = rig.async.expireGroup(GROUP);
    load.release();

    assertThat(expired).isCompletedExceptionally();
    assertThat(reader).isCompletedWithValue("red old");
    assertThat(rig.events.refusedFills).contains(Tier.LOCAL);
  }

  @Test
  void groupFunctionThatThrows_itsEntriesAreServedByNoCacheOnceAGroupWasExpired() {
    load("a", "unknown", 1);
    assertThat(rig.keyspace.getEntry("a").tier()).isEqualTo(Tier.LOCAL);
    rig.keyspace.expireGroup(GROUP);

    assertThat(rig.keyspace.getEntry("a").tier()).isEqualTo(Tier.SOURCE);
    assertThat(rig.keyspace.get("a")).isEqualTo("unknown");
  }

  @Test
  void loadedAfter_isServedByTheCachesAgain() {
    load("a", "red", 1);
    rig.keyspace.expireGroup(GROUP);
    assertThat(rig.keyspace.getEntry("a").tier()).isEqualTo(Tier.SOURCE);

    assertThat(rig.keyspace.getEntry("a").tier()).isEqualTo(Tier.LOCAL);
    assertThat(other.get("a")).isEqualTo("red");
    assertThat(other.getEntry("a").tier()).isEqualTo(Tier.LOCAL);
  }

  @Test
  void withoutARemoteTier_groupsAreExpiredInThisProcess() {
    var alone = rig.processWithoutRemote(GroupExpiryTest::byColour);
    rig.writeAtSource("a", "red", 1);
    rig.writeAtSource("b", "blue", 1);
    assertThat(alone.getAll(List.of("a", "b")).values()).hasSize(2);
    alone.expireGroup(GROUP);
    assertThat(alone.getEntry("a").tier()).isEqualTo(Tier.SOURCE);
    assertThat(alone.getEntry("a").tier()).isEqualTo(Tier.LOCAL);
    assertThat(alone.getEntry("b").tier()).isEqualTo(Tier.LOCAL);

    alone.expireAll();
    assertThat(alone.getEntry("b").tier()).isEqualTo(Tier.SOURCE);
  }

  @Test
  void groupWithoutAName_isRefused() {
    assertThatThrownBy(() -> rig.keyspace.expireGroup(""))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("group: 0 characters (expected: 1 to 256)");
    assertThatThrownBy(() -> rig.keyspace.expireGroup("x".repeat(257)))
        .isInstanceOf(InvalidRequest.class);
  }

  private void load(String key, String value, long version) {
    rig.writeAtSource(key, value, version);
    assertThat(rig.keyspace.get(key)).isEqualTo(value);
  }

  /** The first word of a value is its group; a value of one word has none that can be told. */
  private static KeyspaceSpec.Builder<String, String> byColour(
      KeyspaceSpec.Builder<String, String> spec) {
    return spec.groups((key, value) -> {
      if (value.equals("unknown")) {
        throw new IllegalStateException("no colour");
      }
      return Set.of(value.split(" ", -1)[0]);
    });
  }
}
