package dev.tiercel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Tier;
import dev.tiercel.testing.StagedBackend.Point;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** G4: a load that began before a write or an invalidation never ends up cached after it. */
class StaleFillTest {

  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void load_overtakenByAPut_isCachedNowhere() {
    rig.writeAtSource("key", "old", 1);
    var load = rig.source.holdReads(Point.ANSWER);
    var reader = rig.async.get("key");
    load.awaitArrival();

    rig.keyspace.put("key", "new");
    load.release();

    assertThat(reader).isCompletedWithValue("new");
    assertThat(rig.remoteValue("key")).isEqualTo("new");
    assertThat(rig.keyspace.getEntry("key")).satisfies(entry -> {
      assertThat(entry.value()).isEqualTo("new");
      assertThat(entry.tier()).isEqualTo(Tier.LOCAL);
    });
    assertThat(rig.events.refusedFills).containsExactlyInAnyOrder(Tier.LOCAL, Tier.REMOTE);
  }

  @Test
  void load_overtakenByARemove_isCachedNowhere() {
    rig.writeAtSource("key", "old", 1);
    var load = rig.source.holdReads(Point.ANSWER);
    var reader = rig.async.get("key");

    rig.keyspace.remove("key");
    load.release();

    assertThat(reader).isCompletedWithValue(null);
    assertThat(rig.remoteValue("key")).isNull();
    assertThat(rig.keyspace.get("key")).isNull();
  }

  @Test
  void load_overtakenByAnExpire_isCachedNowhere() {
    rig.writeAtSource("key", "old", 1);
    var load = rig.source.holdReads(Point.ANSWER);
    var reader = rig.async.get("key");

    rig.keyspace.expire("key");
    rig.writeAtSource("key", "new", 2);
    load.release();

    assertThat(reader).isCompletedWithValue("old");
    assertThat(rig.remoteValue("key")).isNull();
    assertThat(rig.keyspace.get("key")).isEqualTo("new");
  }

  @Test
  void batchLoad_overtakenByAPutOfOneKey_cachesTheOthersOnly() {
    rig.writeAtSource("a", "old a", 1);
    rig.writeAtSource("b", "old b", 1);
    var load = rig.source.holdReads(Point.ANSWER);
    var readers = rig.async.getAll(List.of("a", "b"));

    rig.keyspace.put("a", "new a");
    load.release();

    assertThat(readers.join().values()).containsEntry("a", "new a").containsEntry("b", "old b");
    assertThat(rig.remoteValue("a")).isEqualTo("new a");
    assertThat(rig.remoteValue("b")).isEqualTo("old b");
    assertThat(rig.keyspace.getAll(List.of("a", "b")).values())
        .containsEntry("a", "new a")
        .containsEntry("b", "old b");
  }

  @Test
  void load_overtakenByAPutOfAnotherProcess_isNotStoredInTheRemoteTier() {
    rig.writeAtSource("key", "old", 1);
    var other = rig.anotherProcess();
    var load = rig.source.holdReads(Point.ANSWER);
    var reader = rig.async.get("key");

    other.put("key", "new");
    load.release();

    assertThat(reader).isCompletedWithValue("old");
    assertThat(rig.remoteValue("key")).isEqualTo("new");
  }

  @Test
  void repairOfAnOutdatedCopy_overtakenByAnExpire_isNotStored() {
    var version = rig.keyspace.put("key", "old");
    rig.writeAtSource("key", "newer", version + 1);
    var other = rig.anotherProcess().async();
    var load = rig.source.holdReads(Point.ANSWER);
    var reader = other.get("key", ReadOptions.defaults().atLeast(version + 1));

    rig.keyspace.expire("key");
    load.release();

    assertThat(reader).isCompletedWithValue("newer");
    assertThat(rig.remoteValue("key")).isNull();
  }

  @Test
  void fillSlowerThanItsLease_isRefusedAndItsReaderAnswered() {
    rig.writeAtSource("key", "value", 1);
    var load = rig.source.holdReads(Point.ANSWER);
    var reader = rig.async.get("key", ReadOptions.defaults().deadline(Duration.ofSeconds(20)));

    // The lease would be renewed, if that got through.
    rig.remote.holdWrites(Point.REQUEST);
    rig.time.advance(Duration.ofSeconds(6));
    rig.remote.pass();
    load.release();

    assertThat(reader).isCompletedWithValue("value");
    assertThat(rig.remoteValue("key")).isNull();
  }

  @Test
  void readerWhoComesAfterThePut_doesNotJoinTheLoadFromBefore() {
    try (var bare = new Rig(Rig.withoutLocalTier())) {
      bare.writeAtSource("key", "old", 1);
      var load = bare.source.holdReads(Point.ANSWER);
      var before = bare.async.get("key");

      bare.keyspace.put("key", "new");
      var after = bare.async.get("key");
      load.release();

      assertThat(before).isCompletedWithValue("old");
      assertThat(after).isCompletedWithValue("new");
    }
  }
}
