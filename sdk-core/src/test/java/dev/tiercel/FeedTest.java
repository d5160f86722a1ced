package dev.tiercel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Staleness;
import dev.tiercel.backend.Tier;
import dev.tiercel.testing.StagedBackend.Point;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the feed tells of single keys: others' changes are taken note of, its own are not. */
class FeedTest {

  private final Rig rig = new Rig();
  private final Keyspace<String, String> other = rig.anotherProcess();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void putOfAnotherProcess_dropsTheLocalCopy() {
    rig.writeAtSource("key", "old", 1);
    assertThat(rig.keyspace.get("key")).isEqualTo("old");
    other.put("key", "new");

    assertThat(rig.keyspace.getEntry("key")).satisfies(entry -> {
      assertThat(entry.value()).isEqualTo("new");
      assertThat(entry.tier()).isEqualTo(Tier.REMOTE);
      assertThat(entry.staleness()).isEqualTo(Staleness.FRESH);
    });
  }

  @Test
  void removeOfAnotherProcess_dropsTheLocalCopy() {
    rig.writeAtSource("key", "old", 1);
    assertThat(rig.keyspace.get("key")).isEqualTo("old");
    other.remove("key");

    assertThat(rig.keyspace.get("key")).isNull();
  }

  @Test
  void expireOfAnotherProcess_dropsTheLocalCopy() {
    rig.writeAtSource("key", "old", 1);
    assertThat(rig.keyspace.get("key")).isEqualTo("old");
    rig.writeAtSource("key", "new", 2);
    other.expire("key");

    assertThat(rig.keyspace.get("key")).isEqualTo("new");
  }

  @Test
  void ownPut_staysThoughTheFeedTellsOfIt() {
    rig.keyspace.put("key", "value");

    assertThat(rig.remote.headsRead()).contains("key");
    assertThat(rig.keyspace.getEntry("key").tier()).isEqualTo(Tier.LOCAL);
  }

  @Test
  void ownLoad_staysThoughTheFeedTellsOfIt() {
    rig.writeAtSource("key", "value", 1);
    assertThat(rig.keyspace.get("key")).isEqualTo("value");

    assertThat(rig.remote.headsRead()).contains("key");
    assertThat(rig.keyspace.getEntry("key").tier()).isEqualTo(Tier.LOCAL);
  }

  @Test
  void ownLoadOfAnAbsence_staysThoughTheFeedTellsOfIt() {
    assertThat(rig.keyspace.get("key")).isNull();
    assertThat(rig.remote.headsRead()).contains("key");

    assertThat(rig.keyspace.get("key")).isNull();
    assertThat(rig.remote.keysRead()).containsExactly("key");
  }

  @Test
  void ownChanges_ofWhichTheFeedTellsLate_stay() {
    rig.writeAtSource("loaded", "value", 1);
    rig.remote.holdFeed();
    rig.keyspace.put("put", "value");
    assertThat(rig.keyspace.get("loaded")).isEqualTo("value");
    assertThat(rig.remote.headsRead()).isEmpty();
    rig.remote.releaseFeed();

    assertThat(rig.remote.headsRead()).contains("put", "loaded");
    assertThat(rig.keyspace.getEntry("put").tier()).isEqualTo(Tier.LOCAL);
    assertThat(rig.keyspace.getEntry("loaded").tier()).isEqualTo(Tier.LOCAL);
  }

  @Test
  void ownPutAndAnothers_ofWhichTheFeedTellsLate_leaveNothingOld() {
    rig.remote.holdFeed();
    rig.keyspace.put("key", "own");
    other.put("key", "other's");
    rig.remote.releaseFeed();

    assertThat(rig.keyspace.get("key")).isEqualTo("other's");
  }

  @Test
  void ownPutThatNeverArrived_isNotTakenForAnothersOfWhichTheFeedTells() {
    rig.remote.holdWrites(Point.REQUEST);
    var put = rig.async.put("key", "own");
    rig.time.advance(Duration.ofMillis(50));
    rig.remote.pass();
    assertThat(put).isCompleted();
    assertThat(rig.keyspace.getEntry("key").tier()).isEqualTo(Tier.LOCAL);

    other.put("key", "other's");

    assertThat(rig.keyspace.get("key")).isEqualTo("other's");
  }

  @Test
  void ownLoadWhoseFillNeverArrived_isNotTakenForAnothersOfWhichTheFeedTells() {
    rig.writeAtSource("key", "old", 1);
    rig.remote.holdWrites(Point.REQUEST);
    assertThat(rig.keyspace.get("key")).isEqualTo("old");
    rig.remote.pass();
    other.put("key", "new");

    assertThat(rig.keyspace.get("key")).isEqualTo("new");
  }

  @Test
  void manyOwnChanges_areVerifiedTogetherAndAllStay() {
    rig.remote.holdFeed();
    var keys = IntStream.range(0, 1200).mapToObj(i -> "k" + i).toList();
    keys.forEach(key -> rig.keyspace.put(key, "value"));
    other.put("k7", "other's");
    rig.remote.releaseFeed();
    var read = rig.remote.keysRead().size();

    assertThat(rig.keyspace.getAll(keys).values()).hasSize(1200).containsEntry("k7", "other's");
    assertThat(rig.remote.keysRead().subList(read, rig.remote.keysRead().size()))
        .containsExactly("k7");
  }

  @Test
  void loadOvertakenByAPutOfAnotherProcess_isNotKeptHereEither() {
    rig.writeAtSource("key", "old", 1);
    var load = rig.source.holdReads(Point.ANSWER);
    var reader = rig.async.get("key");
    other.put("key", "new");
    load.release();

    assertThat(reader).isCompletedWithValue("old");
    assertThat(rig.keyspace.get("key")).isEqualTo("new");
  }

  @Test
  void readerWhoComesAfterThePutOfAnotherProcess_doesNotJoinTheLoadFromBefore() {
    rig.writeAtSource("key", "old", 1);
    var load = rig.source.holdReads(Point.ANSWER);
    var before = rig.async.get("key");
    other.put("key", "new");
    var after = rig.async.get("key");

    assertThat(after).isCompletedWithValue("new");
    load.release();
    assertThat(before).isDone();
    assertThat(rig.keyspace.get("key")).isEqualTo("new");
  }

  @Test
  void everyProcess_hearsOfAPut() {
    rig.writeAtSource("key", "old", 1);
    var many = IntStream.range(0, 5).mapToObj(i -> rig.anotherProcess()).toList();
    many.forEach(process -> assertThat(process.get("key")).isEqualTo("old"));
    rig.keyspace.put("key", "new");

    assertThat(many).allSatisfy(process -> assertThat(process.get("key")).isEqualTo("new"));
    assertThat(rig.source.keysRead()).containsExactly("key");
  }

  @Test
  void batchOfReaders_isAnsweredFromWhatOthersWrote() {
    var keys = List.of("a", "b", "c");
    keys.forEach(key -> rig.writeAtSource(key, "old", 1));
    assertThat(rig.keyspace.getAll(keys).values()).hasSize(3);
    var written = keys.stream().map(key -> other.async().put(key, "new")).toList();

    assertThat(written).allMatch(CompletableFuture::isDone);
    assertThat(rig.keyspace.getAll(keys).values().values()).containsOnly("new");
    assertThat(rig.source.keysRead()).containsExactlyElementsOf(keys);
  }
}
