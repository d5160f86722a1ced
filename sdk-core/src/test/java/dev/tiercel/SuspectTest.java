package dev.tiercel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.Feed;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.Staleness;
import dev.tiercel.backend.Tier;
import dev.tiercel.testing.StagedBackend.Point;
import dev.tiercel.tier.RefreshPolicy;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * An interruption of the feed makes what is here suspect: served, labelled and within its bound,
 * and looked into once the feed is back.
 */
class SuspectTest {

  /** Longer than the first pause of a revalidation. */
  private static final Duration SOON = Duration.ofMillis(20);

  private static final List<String> KEYS = List.of("a", "b", "c", "d", "e");

  private final Rig rig = new Rig();
  private final Keyspace<String, String> other = rig.anotherProcess();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void feedIsCut_entriesAreServedAsSuspect() {
    load("key");
    rig.remote.cutFeed();
    other.put("key", "new");

    assertThat(rig.keyspace.getEntry("key")).satisfies(entry -> {
      assertThat(entry.value()).isEqualTo("old");
      assertThat(entry.tier()).isEqualTo(Tier.LOCAL);
      assertThat(entry.staleness()).isEqualTo(Staleness.SUSPECT);
      assertThat(entry.isStale()).isTrue();
    });
  }

  @Test
  void feedStaysCut_suspectsAreNeverOlderThanMaxStaleness() {
    try (var strict = new Rig(spec -> spec.maxStaleness(Duration.ofSeconds(10)))) {
      strict.writeAtSource("key", "old", 1);
      assertThat(strict.keyspace.get("key")).isEqualTo("old");
      strict.remote.cutFeed();
      strict.writeAtSource("key", "new", 2);
      strict.time.advance(Duration.ofMillis(9_999));
      assertThat(strict.keyspace.getEntry("key").staleness()).isEqualTo(Staleness.SUSPECT);

      strict.time.advance(Duration.ofMillis(1));
      assertThat(strict.keyspace.get("key")).isEqualTo("new");
    }
  }

  @Test
  void feedIsCut_whatComesInMeanwhileIsSuspectToo() {
    rig.remote.cutFeed();
    load("key");
    rig.keyspace.put("put", "value");

    assertThat(staleness("key")).isEqualTo(Staleness.SUSPECT);
    assertThat(staleness("put")).isEqualTo(Staleness.SUSPECT);
  }

  @Test
  void feedIsBack_suspectsAreAskedForByHeadAndTrustedAgain() {
    KEYS.forEach(this::load);
    var told = rig.remote.headsRead().size();
    var read = rig.remote.keysRead();
    rig.remote.cutFeed();
    rig.time.advance(Duration.ofSeconds(1));
    rig.remote.restoreFeed();
    assertThat(rig.remote.headsRead()).hasSize(told);
    rig.time.advance(SOON);

    assertThat(headsSince(told)).containsExactlyInAnyOrderElementsOf(KEYS);
    assertThat(KEYS)
        .allSatisfy(key -> assertThat(rig.keyspace.getEntry(key))
            .isEqualTo(
                new Entry<>("old", 1, Tier.LOCAL, "", Duration.ofMillis(1020), Staleness.FRESH)));
    assertThat(rig.remote.keysRead()).isEqualTo(read);
    assertThat(rig.source.keysRead()).containsExactlyElementsOf(KEYS);
  }

  @Test
  void feedIsBack_whatWasChangedMeanwhileIsDroppedUnasked() {
    load("key");
    rig.remote.cutFeed();
    other.put("key", "new");
    rig.remote.restoreFeed();
    rig.time.advance(SOON);

    assertThat(rig.keyspace.getEntry("key")).satisfies(entry -> {
      assertThat(entry.value()).isEqualTo("new");
      assertThat(entry.tier()).isEqualTo(Tier.REMOTE);
    });
    assertThat(rig.source.keysRead()).containsExactly("key");
  }

  @Test
  void feedIsBack_whatTheRemoteTierHasLostStaysSuspectUntilItIsAskedFor() {
    load("key");
    rig.remote.cutFeed();
    rig.dropAtRemote("key");
    rig.remote.restoreFeed();
    rig.time.advance(SOON);
    assertThat(rig.source.keysRead()).containsExactly("key");
    rig.writeAtSource("key", "new", 2);

    assertThat(rig.keyspace.getEntry("key")).satisfies(entry -> {
      assertThat(entry.value()).isEqualTo("old");
      assertThat(entry.staleness()).isEqualTo(Staleness.SUSPECT);
    });
    assertThat(rig.keyspace.getEntry("key")).satisfies(entry -> {
      assertThat(entry.value()).isEqualTo("new");
      assertThat(entry.staleness()).isEqualTo(Staleness.FRESH);
    });
    assertThat(rig.source.keysRead()).containsExactly("key", "key");
    assertThat(rig.remoteValue("key")).isEqualTo("new");
  }

  @Test
  void feedIsCut_suspectsThatAreReadAreNotRefreshed() {
    load("key");
    var read = rig.remote.keysRead();
    rig.remote.cutFeed();

    assertThat(staleness("key")).isEqualTo(Staleness.SUSPECT);
    assertThat(rig.remote.keysRead()).isEqualTo(read);
  }

  @Test
  void manySuspects_areAskedForAtTheRateAllowed() {
    try (var slow = new Rig(spec -> spec.refresh(twoASecond()))) {
      loadAll(slow);
      var told = slow.remote.headsRead().size();
      slow.remote.cutFeed();
      slow.remote.restoreFeed();

      assertThat(headsAfter(slow, told, Duration.ofMillis(499))).isZero();
      assertThat(headsAfter(slow, told, Duration.ofMillis(1))).isEqualTo(2);
      assertThat(headsAfter(slow, told, Duration.ofMillis(499))).isEqualTo(2);
      slow.chance.at(0.5);
      assertThat(headsAfter(slow, told, Duration.ofMillis(1))).isEqualTo(4);
      assertThat(headsAfter(slow, told, Duration.ofMillis(999))).isEqualTo(4);
      assertThat(headsAfter(slow, told, Duration.ofMillis(1))).isEqualTo(5);
      assertThat(headsAfter(slow, told, Duration.ofSeconds(60))).isEqualTo(5);
    }
  }

  @Test
  void feedIsLostAgain_theRevalidationEndsAndTheNextOneBeginsAnew() {
    try (var slow = new Rig(spec -> spec.refresh(twoASecond()))) {
      loadAll(slow);
      var told = slow.remote.headsRead().size();
      slow.remote.cutFeed();
      slow.remote.restoreFeed();
      assertThat(headsAfter(slow, told, Duration.ofMillis(500))).isEqualTo(2);
      slow.remote.cutFeed();
      assertThat(headsAfter(slow, told, Duration.ofSeconds(5))).isEqualTo(2);

      slow.remote.restoreFeed();
      assertThat(headsAfter(slow, told, Duration.ofSeconds(5))).isEqualTo(7);
      assertThat(slow.keyspace.getEntry("a").staleness()).isEqualTo(Staleness.FRESH);
    }
  }

  @Test
  void everythingFlushed_isAnInterruptionAndNotALoss() {
    load("key");
    rig.remote.cutFeed();
    rig.remote.restoreFeed();

    assertThat(staleness("key")).isEqualTo(Staleness.SUSPECT);
    rig.time.advance(SOON);
    assertThat(staleness("key")).isEqualTo(Staleness.FRESH);
  }

  @Test
  void loadThatSpansACut_isNotTrusted() {
    rig.writeAtSource("key", "old", 1);
    var load = rig.source.holdReads(Point.ANSWER);
    var reader = rig.async.get("key");
    rig.remote.cutFeed();
    load.release();

    assertThat(reader).isCompletedWithValue("old");
    assertThat(staleness("key")).isEqualTo(Staleness.SUSPECT);
  }

  @Test
  void loadThatBeganBeforeTheFeedWasBack_isNotStored() {
    rig.remote.cutFeed();
    rig.writeAtSource("key", "old", 1);
    var load = rig.source.holdReads(Point.ANSWER);
    var reader = rig.async.get("key");
    other.put("key", "new");
    rig.remote.restoreFeed();
    load.release();

    assertThat(reader).isCompletedWithValue("old");
    assertThat(rig.events.refusedFills).contains(Tier.LOCAL);
    assertThat(rig.keyspace.get("key")).isEqualTo("new");
  }

  @Test
  void barriersRaisedDuringTheCut_areKnownBeforeAnythingIsTrusted() {
    load("key");
    rig.writeAtSource("key", "new", 2);
    rig.remote.cutFeed();
    other.expireAll();
    rig.remote.restoreFeed();
    rig.time.advance(SOON);

    assertThat(rig.keyspace.get("key")).isEqualTo("new");
  }

  @Test
  void barriersCannotBeAsked_everythingStaysSuspectUntilTheyCan() {
    var moody = new MoodyFeed(rig.remote);
    var late = rig.process(spec -> spec.remote(moody));
    rig.writeAtSource("key", "old", 1);
    assertThat(late.get("key")).isEqualTo("old");
    assertThat(late.getEntry("key").staleness()).isEqualTo(Staleness.SUSPECT);

    rig.time.advance(Duration.ofMillis(200));
    assertThat(late.getEntry("key").staleness()).isEqualTo(Staleness.SUSPECT);
    assertThat(moody.asked).isEqualTo(2);
    moody.fails = false;
    rig.time.advance(Duration.ofMillis(200).plus(SOON));

    assertThat(late.getEntry("key").staleness()).isEqualTo(Staleness.FRESH);
    assertThat(moody.asked).isEqualTo(3);
  }

  @Test
  void headsCannotBeAsked_ownChangesAreNotBelieved() {
    var moody = new MoodyFeed(rig.remote);
    moody.fails = false;
    moody.failsHeads = true;
    var process = rig.process(spec -> spec.remote(moody));
    process.put("key", "value");

    assertThat(process.getEntry("key").tier()).isEqualTo(Tier.REMOTE);
  }

  private void load(String key) {
    rig.writeAtSource(key, "old", 1);
    assertThat(rig.keyspace.get(key)).isEqualTo("old");
  }

  private Staleness staleness(String key) {
    return rig.keyspace.getEntry(key).staleness();
  }

  private List<String> headsSince(int told) {
    var heads = rig.remote.headsRead();
    return heads.subList(told, heads.size());
  }

  private static RefreshPolicy twoASecond() {
    return RefreshPolicy.defaults().calls(2, 1).revalidationsPerSecond(2);
  }

  private static void loadAll(Rig slow) {
    KEYS.forEach(key -> slow.writeAtSource(key, "old", 1));
    assertThat(slow.keyspace.getAll(KEYS).values()).hasSize(5);
  }

  private static int headsAfter(Rig slow, int told, Duration pause) {
    slow.time.advance(pause);
    return slow.remote.headsRead().size() - told;
  }

  /** A remote tier whose feed is connected but does not answer what it is asked. */
  private static final class MoodyFeed extends ForwardingBackend {

    private final Backend behind;
    private boolean fails = true;
    private boolean failsHeads;
    private int asked;

    MoodyFeed(Backend behind) {
      super(behind);
      this.behind = behind;
    }

    @Override
    public Optional<Feed> feed() {
      return behind
          .feed()
          .map(feed -> (keyspace, follower) -> moody(feed.follow(keyspace, follower)));
    }

    private Feed.Subscription moody(Feed.Subscription subscription) {
      return new Feed.Subscription() {
        @Override
        public CompletableFuture<List<Optional<Feed.Head>>> heads(
            List<String> keys, Deadline deadline) {
          return failsHeads
              ? CompletableFuture.failedFuture(Rig.down())
              : subscription.heads(keys, deadline);
        }

        @Override
        public CompletableFuture<Barriers> barriers(long seen, Deadline deadline) {
          asked++;
          return fails
              ? CompletableFuture.failedFuture(Rig.down())
              : subscription.barriers(seen, deadline);
        }

        @Override
        public void close() {
          subscription.close();
        }
      };
    }
  }
}
