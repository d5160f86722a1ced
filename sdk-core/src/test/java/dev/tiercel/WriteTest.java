package dev.tiercel;

import static dev.tiercel.Rig.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.backend.Condition;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.Staleness;
import dev.tiercel.backend.Tier;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.error.CodecFailure;
import dev.tiercel.error.Conflict;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.StagedBackend.Point;
import dev.tiercel.time.Version;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** G1 and G2: what a write promises, and who sees it. */
class WriteTest {

  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void put_isNotDoneBeforeTheSourceHasAcknowledged() {
    var write = rig.source.holdWrites(Point.ANSWER);
    var put = rig.async.put("key", "value");

    assertThat(put).isNotDone();
    assertThat(rig.remoteValue("key")).isNull();
    write.release();
    assertThat(put).isCompleted();
    assertThat(rig.remoteValue("key")).isEqualTo("value");
  }

  @Test
  void put_refusedByTheSource_changesNothing() {
    rig.keyspace.put("key", "old");
    rig.source.failWrites(new Unavailable("source: down", Where.NOWHERE, null));

    assertThatThrownBy(() -> rig.keyspace.put("key", "new")).isInstanceOf(Unavailable.class);
    assertThat(rig.keyspace.get("key")).isEqualTo("old");
    assertThat(rig.remoteValue("key")).isEqualTo("old");
  }

  @Test
  void put_acknowledged_isReadByThisProcessFromEveryTier() {
    var version = rig.keyspace.put("key", "value");

    assertThat(rig.keyspace.getEntry("key"))
        .isEqualTo(new Entry<>("value", version, Tier.LOCAL, "", Duration.ZERO, Staleness.FRESH));
    assertThat(rig.anotherProcess().getEntry("key").tier()).isEqualTo(Tier.REMOTE);
    assertThat(rig.sourceValue("key")).isEqualTo("value");
  }

  @Test
  void put_valueChangedByItsOwnerAfterwards_doesNotReachTheCache() {
    var version = rig.keyspace.put("key", "value");

    assertThat(version).isPositive();
    assertThat(rig.keyspace.put("key", "value")).isGreaterThan(version);
  }

  @Test
  void put_noAnswerByTheDeadline_isUnknownAndForgottenByEveryTier() {
    rig.keyspace.put("key", "old");
    rig.source.holdWrites(Point.ANSWER);
    var put = rig.async.put("key", "new");
    rig.time.advance(Rig.DEADLINE.plusMillis(5));

    assertThat(failureOf(put)).isInstanceOf(OutcomeUnknown.class);
    assertThat(rig.remoteCopy("key")).isInstanceOf(ReadOutcome.Absent.class);
    rig.source.pass();
    assertThat(rig.keyspace.getEntry("key")).satisfies(entry -> {
      assertThat(entry.tier()).isEqualTo(Tier.SOURCE);
      assertThat(entry.value()).isEqualTo("new");
    });
  }

  @Test
  void put_ofUnknownOutcome_nobodyFillsTheRemoteTierUntilItCannotArriveAnyMore() {
    rig.keyspace.put("key", "old");
    rig.source.holdWrites(Point.REQUEST);
    var put = rig.async.put("key", "new");
    rig.time.advance(Rig.DEADLINE.plusMillis(5));
    assertThat(failureOf(put)).isInstanceOf(OutcomeUnknown.class);

    assertThat(rig.anotherProcess().get("key")).isEqualTo("old");
    assertThat(rig.remoteValue("key")).isNull();

    rig.time.advance(Duration.ofSeconds(10));
    assertThat(rig.anotherProcess().get("key")).isEqualTo("old");
    assertThat(rig.remoteValue("key")).isEqualTo("old");
  }

  @Test
  void put_ofUnknownOutcomeWhileTheRemoteTierFails_isHeldOffOnceItIsBack() {
    try (var bare = new Rig(Rig.withoutLocalTier())) {
      bare.keyspace.put("key", "old");
      bare.source.holdWrites(Point.REQUEST);
      bare.remote.failWrites(new Unavailable("remote: down", Where.NOWHERE, null));
      var put = bare.async.put("key", "new");
      bare.time.advance(Rig.DEADLINE.plusMillis(5));
      assertThat(failureOf(put)).isInstanceOf(OutcomeUnknown.class);
      bare.remote.pass();
      bare.source.pass();

      assertThat(bare.keyspace.get("key")).isEqualTo("old");
      assertThat(bare.remoteValue("key")).isNull();
      // Now it arrives.
      bare.writeAtSource("key", "new", Long.MAX_VALUE >> 1);
      assertThat(bare.keyspace.get("key")).isEqualTo("new");
    }
  }

  @Test
  void put_codecFailsHardOnTheWayBack_isAcknowledgedAndNotCached() {
    try (var rigid = new Rig(spec -> spec)) {
      var codec =
          Codecs.<String>of(1000, value -> value.getBytes(StandardCharsets.UTF_8), bytes -> {
            throw new StackOverflowError();
          });
      var client =
          ServingClient.builder().time(rigid.time).executor(Runnable::run).build();
      var keyspace = client.keyspace(KeyspaceSpec.builder("hard", KeyFormat.string(), codec)
          .source(rigid.source)
          .build());

      assertThat(keyspace.putAll(Map.of("a", "1", "b", "2")).versions()).containsOnlyKeys("a", "b");
      assertThatThrownBy(() -> keyspace.get("a")).isInstanceOf(CodecFailure.class);
      client.close();
    }
  }

  @Test
  void update_lateInItsSecondTry_hasNotWritten() {
    rig.keyspace.put("key", "a");
    var other = rig.anotherProcess();
    var tries = new int[1];
    var update = rig.async.update("key", present -> {
      if (tries[0]++ == 0) {
        other.put("key", "b");
        rig.source.holdReads(Point.REQUEST);
      }
      return present + "!";
    });
    rig.time.advance(Rig.DEADLINE.plusMillis(5));

    assertThat(failureOf(update)).isInstanceOf(DeadlineExceeded.class);
    assertThat(rig.sourceValue("key")).isEqualTo("b");
  }

  @Test
  void update_thatHasEnded_doesNotWriteAnyMore() {
    rig.keyspace.put("key", "a");
    var changes = new AtomicReference<Runnable>();
    var client = ServingClient.builder().time(rig.time).executor(changes::set).build();
    var keyspace = client.keyspace(KeyspaceSpec.builder(Rig.NAME, KeyFormat.string(), Codecs.utf8())
        .source(rig.source)
        .build());
    var update = keyspace.async().update("key", present -> present + "!");
    var change = changes.get();
    rig.time.advance(Rig.DEADLINE.plusMillis(5));
    changes.get().run();
    assertThat(failureOf(update)).isInstanceOf(DeadlineExceeded.class);

    change.run();

    assertThat(rig.sourceValue("key")).isEqualTo("a");
    client.close();
  }

  @Test
  void update_contended_pausesBetweenTriesFromTheSecondOn() {
    rig.keyspace.put("key", "0");
    var other = rig.anotherProcess();
    var tries = new int[1];
    var update = rig.async.update("key", present -> {
      if (tries[0]++ < 3) {
        other.put("key", Integer.toString(tries[0]));
      }
      return present + "!";
    });
    assertThat(tries[0]).isEqualTo(2);

    rig.time.advance(Duration.ofMillis(1));
    rig.time.advance(Duration.ofMillis(2));

    assertThat(update).isCompleted();
    assertThat(rig.keyspace.get("key")).isEqualTo("3!");
  }

  @Test
  void put_remoteTierFails_isAcknowledgedAndTheOldCopyNotBelieved() {
    try (var bare = new Rig(Rig.withoutLocalTier())) {
      bare.keyspace.put("key", "old");
      bare.remote.failWrites(new Unavailable("remote: down", Where.NOWHERE, null));
      bare.keyspace.put("key", "new");
      assertThat(bare.remoteValue("key")).isEqualTo("old");

      assertThat(bare.keyspace.get("key")).isEqualTo("new");
      bare.remote.pass();
      assertThat(bare.keyspace.get("key")).isEqualTo("new");
      assertThat(bare.remoteValue("key")).isEqualTo("new");
    }
  }

  @Test
  void put_acknowledgedLate_isNotKeptLocallyOfAKeyForgottenMeanwhile() {
    var remote = rig.remote.holdWrites(Point.REQUEST);
    var first = rig.async.put("key", "first");
    rig.remote.pass();
    rig.source.holdWrites(Point.ANSWER);
    var second =
        rig.async.put("key", "second", WriteOptions.defaults().deadline(Duration.ofMillis(10)));
    rig.time.advance(Duration.ofMillis(15));
    assertThat(failureOf(second)).isInstanceOf(OutcomeUnknown.class);
    rig.source.pass();

    remote.release();

    assertThat(first).isCompleted();
    assertThat(rig.keyspace.getEntry("key").tier()).isNotEqualTo(Tier.LOCAL);
  }

  @Test
  void atLeast_remoteTombstoneIsOlder_isForgottenAndFilledAnew() {
    var version = rig.keyspace.remove("key");
    rig.writeAtSource("key", "new", version + 1);
    var other = rig.anotherProcess();

    assertThat(other.get("key", ReadOptions.defaults().atLeast(version + 1))).isEqualTo("new");
    assertThat(rig.anotherProcess().get("key")).isEqualTo("new");
    assertThat(rig.remoteValue("key")).isEqualTo("new");
  }

  @Test
  void put_remoteTierSilent_isAcknowledgedBeforeTheDeadlineAndTheOldCopyNotBelieved() {
    try (var bare = new Rig(Rig.withoutLocalTier())) {
      bare.keyspace.put("key", "old");
      bare.remote.holdWrites(Point.REQUEST);
      var put =
          bare.async.put("key", "new", WriteOptions.defaults().deadline(Duration.ofMillis(20)));
      assertThat(put).isNotDone();

      bare.time.advance(Duration.ofMillis(10));

      assertThat(put).isCompleted();
      bare.remote.pass();
      assertThat(bare.keyspace.get("key")).isEqualTo("new");
    }
  }

  @Test
  void put_anotherProcessWithItsVersion_neverReadsOlder() {
    rig.keyspace.put("key", "old");
    var other = rig.anotherProcess();
    assertThat(other.get("key")).isEqualTo("old");

    var version = rig.keyspace.put("key", "new");

    assertThat(other.get("key", ReadOptions.defaults().atLeast(version))).isEqualTo("new");
    assertThat(other.get("key")).isEqualTo("new");
  }

  @Test
  void atLeast_newerThanTheSourceHas_isRefusedRatherThanAnsweredOlder() {
    var version = rig.keyspace.put("key", "value");

    assertThatThrownBy(() -> rig.keyspace.get("key", ReadOptions.defaults().atLeast(version + 1)))
        .isInstanceOf(Unavailable.class);
    assertThat(rig.keyspace.get("key")).isEqualTo("value");
  }

  @Test
  void atLeast_remoteCopyIsOlder_isRepairedFromTheSource() {
    var version = rig.keyspace.put("key", "old");
    rig.writeAtSource("key", "new", version + 1);

    var other = rig.anotherProcess();
    assertThat(other.get("key", ReadOptions.defaults().atLeast(version + 1))).isEqualTo("new");
    assertThat(rig.remoteValue("key")).isEqualTo("new");
  }

  @Test
  void put_byAClockThatRunsBehind_isNotLost() {
    var slow = new FakeTime();
    slow.jumpWallClock(Duration.ofMinutes(-5));
    var behind = rig.process(slow, spec -> spec);
    var first = rig.keyspace.put("key", "first");

    var second = behind.put("key", "second");

    assertThat(second).isGreaterThan(first);
    assertThat(rig.sourceValue("key")).isEqualTo("second");
    assertThat(rig.remoteValue("key")).isEqualTo("second");
  }

  @Test
  void put_sourceHasLostWhatThisProcessHasSeen_isLaterThanThat() {
    var seen = Version.of(rig.time.millis() + Duration.ofMinutes(5).toMillis(), 0);
    rig.writeAtSource("key", "seen", seen);
    assertThat(rig.keyspace.get("key")).isEqualTo("seen");
    rig.writeAtSource("key", "set back", 1);

    assertThat(rig.keyspace.put("key", "mine")).isGreaterThan(seen);
    assertThat(rig.keyspace.get("key")).isEqualTo("mine");
  }

  @Test
  void put_overTheLargestVersionThereIs_isAConflictAndOtherKeysAreNotHarmed() {
    rig.writeAtSource("key", "damaged", Long.MAX_VALUE);

    assertThatThrownBy(() -> rig.keyspace.put("key", "value")).isInstanceOf(Conflict.class);
    assertThat(rig.keyspace.put("other", "value")).isLessThan(Long.MAX_VALUE / 2);
  }

  @Test
  void putIfAbsent_keyHasAValue_isAConflictWithItsVersion() {
    var version = rig.keyspace.putIfAbsent("key", "first");

    assertThatThrownBy(() -> rig.keyspace.putIfAbsent("key", "second"))
        .isInstanceOfSatisfying(
            Conflict.class, conflict -> assertThat(conflict.storedVersion()).isEqualTo(version));
    assertThat(rig.keyspace.get("key")).isEqualTo("first");
  }

  @Test
  void putIfAbsent_afterARemovalByAFasterClock_isStored() {
    var fast = new FakeTime();
    fast.jumpWallClock(Duration.ofMinutes(5));
    var ahead = rig.process(fast, spec -> spec);
    ahead.put("key", "first");
    var removed = ahead.remove("key");

    assertThat(rig.keyspace.putIfAbsent("key", "second")).isGreaterThan(removed);
    assertThat(rig.sourceValue("key")).isEqualTo("second");
  }

  @Test
  void replace_ofTheVersionRead_isStored() {
    var version = rig.keyspace.put("key", "first");

    assertThat(rig.keyspace.replace("key", "second", version)).isGreaterThan(version);
    assertThat(rig.keyspace.get("key")).isEqualTo("second");
  }

  @Test
  void replace_ofAnotherVersion_isAConflictAndTheCacheStays() {
    var version = rig.keyspace.put("key", "first");

    assertThatThrownBy(() -> rig.keyspace.replace("key", "second", version - 1))
        .isInstanceOfSatisfying(
            Conflict.class, conflict -> assertThat(conflict.storedVersion()).isEqualTo(version));
    assertThat(rig.keyspace.get("key")).isEqualTo("first");
  }

  @Test
  void update_somebodyElseWasFaster_startsOverFromTheLatestValue() {
    rig.keyspace.put("key", "a");
    var other = rig.anotherProcess();
    var tries = new int[1];

    var written = rig.keyspace.update("key", present -> {
      if (tries[0]++ == 0) {
        other.put("key", present + "b");
      }
      return present + "c";
    });

    assertThat(written.value()).isEqualTo("abc");
    assertThat(tries[0]).isEqualTo(2);
    assertThat(rig.keyspace.getEntry("key").version()).isEqualTo(written.version());
  }

  @Test
  void update_ofAMissingKey_beginsWithNull() {
    assertThat(rig.keyspace.update("key", present -> present + "!").value()).isEqualTo("null!");
  }

  @Test
  void remove_leavesATombstoneThatIsReadAsAbsent() {
    rig.keyspace.put("key", "value");
    var version = rig.keyspace.remove("key");

    assertThat(rig.keyspace.get("key")).isNull();
    assertThat(rig.remoteCopy("key"))
        .isInstanceOfSatisfying(
            ReadOutcome.Absent.class, absent -> assertThat(absent.version()).isEqualTo(version));
    assertThat(rig.keyspace.get("key", ReadOptions.defaults().atLeast(version))).isNull();
  }

  @Test
  void put_withATtl_isGoneFromEveryTierWhenItIsOver() {
    rig.keyspace.put("key", "value", WriteOptions.defaults().ttl(Duration.ofSeconds(5)));
    rig.time.advance(Duration.ofMillis(4_999));
    assertThat(rig.keyspace.get("key")).isEqualTo("value");

    rig.time.advance(Duration.ofMillis(1));
    assertThat(rig.keyspace.get("key")).isNull();
    assertThat(rig.sourceValue("key")).isNull();
    assertThat(rig.remoteValue("key")).isNull();
  }

  @Test
  void unconditionalPut_makesTheCachesForgetRatherThanCompareVersions() {
    var version = rig.keyspace.put("key", "old");
    rig.writeAtRemote("key", "from a faster clock", version + 1_000_000_000);

    rig.keyspace.put("key", "new", WriteOptions.defaults().unconditional());

    assertThat(rig.remoteValue("key")).isNull();
    assertThat(rig.keyspace.getEntry("key").tier()).isEqualTo(Tier.SOURCE);
    assertThat(rig.keyspace.get("key")).isEqualTo("new");
  }

  @Test
  void putAll_oneBadKey_writesTheOthers() {
    var values = new LinkedHashMap<String, String>();
    values.put("a", "1");
    values.put("", "2");
    values.put("c", "3");

    var result = rig.keyspace.putAll(values);

    assertThat(result.versions().keySet()).containsExactly("a", "c");
    assertThat(result.failed().keySet()).containsExactly("");
    assertThat(rig.keyspace.getAll(List.of("a", "c")).values())
        .isEqualTo(Map.of("a", "1", "c", "3"));
  }

  @Test
  void removeAll_removesEach() {
    rig.keyspace.putAll(Map.of("a", "1", "b", "2"));

    assertThat(rig.keyspace.removeAll(List.of("a", "b", "a")).versions())
        .containsOnlyKeys("a", "b");
    assertThat(rig.keyspace.getAll(List.of("a", "b")).absent()).containsExactly("a", "b");
  }

  @Test
  void expire_asksTheSourceAgainAndKeepsTheValue() {
    rig.keyspace.put("key", "value");
    rig.keyspace.expire("key");

    assertThat(rig.remoteValue("key")).isNull();
    assertThat(rig.keyspace.getEntry("key").tier()).isEqualTo(Tier.SOURCE);
  }

  @Test
  void expire_remoteTierFails_saysSoAndItsCopyIsNotBelieved() {
    rig.keyspace.put("key", "old");
    rig.writeAtSource("key", "new", Long.MAX_VALUE >> 1);
    rig.remote.failWrites(new Unavailable("remote: down", Where.NOWHERE, null));

    assertThatThrownBy(() -> rig.keyspace.expire("key")).isInstanceOf(Unavailable.class);
    rig.remote.pass();
    assertThat(rig.keyspace.get("key")).isEqualTo("new");
  }

  @Test
  void mutations_goToTheSourceUnderACondition() {
    rig.keyspace.put("key", "value");

    assertThat(rig.source.mutations())
        .singleElement()
        .isInstanceOfSatisfying(
            Mutation.Put.class, put -> assertThat(put.condition()).isEqualTo(Condition.IF_NEWER));
  }
}
