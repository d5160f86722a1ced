package dev.tiercel;

import static dev.tiercel.Rig.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.Staleness;
import dev.tiercel.backend.Tier;
import dev.tiercel.builtin.Backends;
import dev.tiercel.error.Unavailable;
import dev.tiercel.testing.BackendProbe;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.FeedProbe.Told;
import dev.tiercel.testing.StagedBackend.Point;
import dev.tiercel.tier.TtlPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A version exists elsewhere that this region's source has not received yet. */
class MarkTest {

  private static final Duration RETENTION = Duration.ofMinutes(10);

  private final Rig rig = new Rig();
  private final Keyspace<String, String> other = rig.anotherProcess();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void sourceIsBehind_itsAnswerIsServedLabelledAndCachedNowhere() {
    rig.writeAtSource("key", "old", 4);
    mark("key", 5);

    for (var process : List.of(rig.keyspace, rig.keyspace, other)) {
      assertThat(process.getEntry("key")).satisfies(entry -> {
        assertThat(entry.value()).isEqualTo("old");
        assertThat(entry.version()).isEqualTo(4);
        assertThat(entry.tier()).isEqualTo(Tier.SOURCE);
        assertThat(entry.staleness()).isEqualTo(Staleness.BEHIND);
        assertThat(entry.isStale()).isTrue();
      });
      assertMarked("key", 5);
    }
    assertThat(rig.events.sourceLoads).containsExactly(1, 1, 1);
    assertThat(rig.events.refusedFills).as("nobody tries in vain").isEmpty();
    assertThat(rig.time.pendingTimers()).as("every lease was given back").isZero();
  }

  @Test
  void sourceHasCaughtUp_itsAnswerIsFreshAndCachedEverywhere() {
    rig.writeAtSource("key", "old", 4);
    mark("key", 5);
    assertThat(rig.keyspace.get("key")).isEqualTo("old");
    rig.writeAtSource("key", "new", 5);

    var found = rig.keyspace.getEntry("key");
    assertThat(found.value()).isEqualTo("new");
    assertThat(found.staleness()).isEqualTo(Staleness.FRESH);
    assertThat(rig.remoteValue("key")).isEqualTo("new");
    assertThat(rig.keyspace.getEntry("key").tier()).isEqualTo(Tier.LOCAL);
    assertThat(other.getEntry("key").tier()).isEqualTo(Tier.REMOTE);
  }

  @Test
  void markOfAKeyInMemory_takesItOutThere() {
    rig.writeAtSource("key", "old", 4);
    assertThat(rig.keyspace.get("key")).isEqualTo("old");
    assertThat(other.get("key")).isEqualTo("old");
    mark("key", 5);

    assertThat(rig.keyspace.getEntry("key").staleness()).isEqualTo(Staleness.BEHIND);
    assertThat(other.getEntry("key").staleness()).isEqualTo(Staleness.BEHIND);
  }

  @Test
  void markIsOver_whatTheSourceHasIsCachedAgain() {
    rig.writeAtSource("key", "old", 4);
    mark("key", 5);
    assertThat(rig.keyspace.getEntry("key").staleness()).isEqualTo(Staleness.BEHIND);
    rig.time.advance(RETENTION);

    assertThat(rig.keyspace.getEntry("key").staleness()).isEqualTo(Staleness.FRESH);
    assertThat(rig.remoteValue("key")).isEqualTo("old");
  }

  @Test
  void sourceHasNotHeardOfTheKey_itsAbsenceIsNotRemembered() {
    mark("key", 5);
    assertThat(rig.keyspace.get("key")).isNull();
    assertThat(rig.keyspace.get("key")).isNull();
    assertThat(other.get("key")).isNull();
    assertThat(rig.events.sourceLoads).containsExactly(1, 1, 1);
    assertMarked("key", 5);
    rig.writeAtSource("key", "new", 5);

    assertThat(other.get("key")).isEqualTo("new");
    assertThat(rig.keyspace.get("key")).isEqualTo("new");
  }

  @Test
  void sourceHasAnOlderTombstone_itsAbsenceIsNotRemembered() {
    rig.removeAtSource("key", 4);
    mark("key", 5);
    assertThat(rig.keyspace.get("key")).isNull();
    assertMarked("key", 5);
    rig.removeAtSource("key", 5);
    assertThat(rig.keyspace.get("key")).isNull();
    assertThat(rig.keyspace.get("key")).isNull();

    assertThat(rig.events.sourceLoads).containsExactly(1, 1);
    assertThat(((ReadOutcome.Absent) rig.remoteCopy("key")).version()).isEqualTo(5);
  }

  @Test
  void batch_onlyWhatIsBehindIsNotCached() {
    List.of("a", "b", "c").forEach(key -> rig.writeAtSource(key, "value", 4));
    mark("b", 5);
    assertThat(rig.keyspace.getAll(List.of("a", "b", "c")).values()).hasSize(3);

    assertThat(rig.remoteValue("a")).isEqualTo("value");
    assertMarked("b", 5);
    assertThat(rig.remoteValue("c")).isEqualTo("value");
    assertThat(rig.keyspace.getEntry("a").tier()).isEqualTo(Tier.LOCAL);
    assertThat(rig.keyspace.getEntry("b").staleness()).isEqualTo(Staleness.BEHIND);
  }

  @Test
  void readerWhoWantsTheMarkedVersion_isToldThatItIsNotThere() {
    rig.writeAtSource("key", "old", 4);
    mark("key", 5);
    var read = rig.async.get("key", ReadOptions.defaults().atLeast(5));

    assertThat(failureOf(read)).isInstanceOf(Unavailable.class);
    assertThat(other.get("key")).as("the lease was given back").isEqualTo("old");
  }

  @Test
  void readerPastSomebodyElsesLease_knowsOfTheMarkToo() {
    rig.writeAtSource("key", "old", 4);
    mark("key", 5);
    rig.remote.cutFeed();
    rig.leaseToTheDead("key", Duration.ofSeconds(10));

    assertThat(rig.keyspace.getEntry("key").staleness()).isEqualTo(Staleness.BEHIND);
    assertThat(rig.keyspace.getEntry("key").tier()).isEqualTo(Tier.SOURCE);
  }

  @Test
  void putOfTheWritersOwn_atOrAboveTheMark_endsIt() {
    rig.writeAtSource("key", "old", 4);
    mark("key", 5);
    rig.keyspace.put("key", "mine");

    assertThat(rig.remoteValue("key")).isEqualTo("mine");
    assertThat(other.getEntry("key").staleness()).isEqualTo(Staleness.FRESH);
  }

  @Test
  void markWhileAKeyIsLoaded_itsFillIsRefused_andTheMarkStays() {
    rig.writeAtSource("key", "old", 4);
    var load = rig.source.holdReads(Point.ANSWER);
    var reader = rig.async.get("key");
    mark("key", 5);
    load.release();

    assertThat(reader).isCompletedWithValue("old");
    assertMarked("key", 5);
    assertThat(rig.keyspace.getEntry("key").staleness()).isEqualTo(Staleness.BEHIND);
  }

  @Test
  void negativeFillRefusedByAMark_tellsNobodyToForget() {
    try (var feed = new BackendProbe(rig.remote, Rig.NAME, rig.time).follow()) {
      var load = rig.source.holdReads(Point.ANSWER);
      var reader = rig.async.get("key");
      mark("key", 5);
      load.release();

      assertThat(reader).isCompletedWithValue(null);
      assertThat(rig.events.refusedFills).contains(Tier.REMOTE);
      assertThat(feed.told()).containsExactly(Told.changed("key"));
      assertMarked("key", 5);
    }
  }

  @Test
  void sourceIsBehindWhatThisProcessHasSeen_isNotTakenForTheTruth() {
    rig.writeAtSource("key", "old", 4);
    rig.writeAtRemote("key", "newer", 6);
    assertThat(rig.keyspace.get("key")).isEqualTo("newer");
    mark("key", 7);

    assertThat(rig.keyspace.getEntry("key").staleness()).isEqualTo(Staleness.BEHIND);
    assertThat(rig.keyspace.getEntry("key").tier()).isEqualTo(Tier.SOURCE);
    assertMarked("key", 7);
  }

  @Test
  void sourceHasNotHeardOfTheKey_whatIsHereStays() {
    var process = rig.process(spec -> spec.ttls(TtlPolicy.defaults().negative(Duration.ZERO)));
    rig.writeAtRemote("key", "old", 4);
    assertThat(process.get("key")).isEqualTo("old");
    rig.remote.cutFeed();
    mark("key", 5);
    rig.time.advance(Duration.ofSeconds(1));
    var recent = ReadOptions.defaults().maxStaleness(Duration.ofMillis(500));

    assertThat(process.get("key", recent)).isEqualTo("old");
    assertThat(process.get("key")).isEqualTo("old");
  }

  @Test
  void markedKey_isReadAtTheSourceConsistently() {
    try (var eventual = new Rig(new Eventual(), spec -> spec)) {
      eventual.writeAtSource("key", "new", 5);
      eventual.apply(eventual.remote, new Mutation.Mark("key", 5, RETENTION));

      assertThat(eventual.keyspace.getEntry("key").staleness()).isEqualTo(Staleness.FRESH);
      assertThat(eventual.remoteValue("key")).isEqualTo("new");
    }
  }

  /** A source of which only consistent reads find what was written. */
  private static final class Eventual extends ForwardingBackend {

    Eventual() {
      super(Backends.inMemoryStore(1 << 20, new FakeTime()));
    }

    @Override
    public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
      return request.freshness().consistent()
          ? super.read(request, context)
          : CompletableFuture.completedFuture(
              new ReadResult(List.of(ReadOutcome.Absent.unknown(Origin.source("")))));
    }
  }

  private void mark(String key, long version) {
    rig.apply(rig.remote, new Mutation.Mark(key, version, RETENTION));
  }

  private void assertMarked(String key, long version) {
    assertThat(rig.remoteCopy(key)).isInstanceOfSatisfying(ReadOutcome.Absent.class, absent -> {
      assertThat(absent.tombstone()).isNull();
      assertThat(absent.mark()).isEqualTo(version);
    });
  }
}
