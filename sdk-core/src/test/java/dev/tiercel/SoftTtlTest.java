package dev.tiercel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Staleness;
import dev.tiercel.backend.Tier;
import dev.tiercel.testing.StagedBackend.Point;
import dev.tiercel.tier.TtlPolicy;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Past its soft time to live an entry is served, labelled, while it is refreshed. */
class SoftTtlTest {

  private static final Duration SOFT = Duration.ofSeconds(10);
  private static final TtlPolicy ON_TIME =
      TtlPolicy.defaults().soft(SOFT).beta(0).jitter(0);

  private final Rig rig = new Rig(with(ON_TIME));

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void pastItsSoftTtl_isServedLabelledAndRefreshed() {
    load("key");
    rig.writeAtSource("key", "new", 2);
    rig.time.advance(SOFT.minusNanos(1));
    assertThat(rig.keyspace.getEntry("key").staleness()).isEqualTo(Staleness.FRESH);
    assertThat(rig.source.keysRead()).containsExactly("key");
    rig.time.advance(Duration.ofNanos(1));

    assertThat(rig.keyspace.getEntry("key"))
        .isEqualTo(new Entry<>("old", 1, Tier.LOCAL, "", SOFT, Staleness.SOFT_TTL));
    assertThat(rig.keyspace.getEntry("key")).satisfies(entry -> {
      assertThat(entry.value()).isEqualTo("new");
      assertThat(entry.tier()).isEqualTo(Tier.LOCAL);
      assertThat(entry.staleness()).isEqualTo(Staleness.FRESH);
      assertThat(entry.age()).isZero();
    });
    assertThat(rig.remoteValue("key")).isEqualTo("new");
  }

  @Test
  void unchangedAtTheSource_isFreshAgainOnceRefreshed() {
    load("key");
    rig.time.advance(SOFT);
    assertThat(rig.keyspace.getEntry("key").isStale()).isTrue();

    assertThat(rig.keyspace.getEntry("key")).satisfies(entry -> {
      assertThat(entry.isStale()).isFalse();
      assertThat(entry.age()).isZero();
    });
  }

  @Test
  void manyReaders_areServedAtOnceAndRefreshOnce() {
    load("key");
    rig.time.advance(SOFT);
    var load = rig.source.holdReads(Point.REQUEST);
    var readers =
        IntStream.range(0, 100).mapToObj(i -> rig.async.getEntry("key")).toList();

    assertThat(readers).allSatisfy(reader -> {
      assertThat(reader).isCompleted();
      assertThat(reader.join().staleness()).isEqualTo(Staleness.SOFT_TTL);
    });
    assertThat(rig.source.keysRead()).containsExactly("key", "key");
    load.release();
    assertThat(rig.keyspace.getEntry("key").staleness()).isEqualTo(Staleness.FRESH);
  }

  @Test
  void manyKeys_areRefreshedInFewCalls() {
    var keys = IntStream.range(0, 50).mapToObj(i -> "k" + i).toList();
    keys.forEach(key -> rig.writeAtSource(key, "old", 1));
    assertThat(rig.keyspace.getAll(keys).values()).hasSize(50);
    rig.time.advance(SOFT);
    rig.events.sourceLoads.clear();
    var load = rig.source.holdReads(Point.REQUEST);
    assertThat(rig.keyspace.getAll(keys).values()).hasSize(50);
    load.release();

    // Two calls are on their way at once; what comes meanwhile leaves together.
    assertThat(rig.events.sourceLoads).containsExactly(1, 1, 48);
  }

  @Test
  void newerCopyInTheRemoteTier_isTakenAndNothingIsLoaded() {
    load("key");
    rig.time.advance(SOFT);
    rig.remote.holdFeed();
    rig.writeAtRemote("key", "newer", 2);

    assertThat(rig.keyspace.getEntry("key").value()).isEqualTo("old");
    assertThat(rig.keyspace.getEntry("key")).satisfies(entry -> {
      assertThat(entry.value()).isEqualTo("newer");
      assertThat(entry.staleness()).isEqualTo(Staleness.FRESH);
    });
    assertThat(rig.source.keysRead()).containsExactly("key");
  }

  @Test
  void manyProcesses_refreshOnceAmongThem() {
    load("key");
    var others = IntStream.range(0, 3).mapToObj(i -> rig.process(with(ON_TIME))).toList();
    others.forEach(other -> assertThat(other.get("key")).isEqualTo("old"));
    rig.time.advance(SOFT);
    rig.writeAtSource("key", "new", 2);
    assertThat(rig.keyspace.getEntry("key").staleness()).isEqualTo(Staleness.SOFT_TTL);

    assertThat(others).allSatisfy(other -> assertThat(other.get("key")).isEqualTo("new"));
    assertThat(rig.source.keysRead()).containsExactly("key", "key");
  }

  @Test
  void refreshOvertakenByAPut_isNotStored() {
    load("key");
    rig.time.advance(SOFT);
    var load = rig.source.holdReads(Point.ANSWER);
    assertThat(rig.keyspace.getEntry("key").isStale()).isTrue();
    rig.keyspace.put("key", "new");
    load.release();

    assertThat(rig.keyspace.getEntry("key")).satisfies(entry -> {
      assertThat(entry.value()).isEqualTo("new");
      assertThat(entry.tier()).isEqualTo(Tier.LOCAL);
    });
    assertThat(rig.remoteValue("key")).isEqualTo("new");
    assertThat(rig.events.refusedFills).contains(Tier.LOCAL, Tier.REMOTE);
  }

  @Test
  void refreshThatFails_isTriedAgainAfterASecondAndTheOldIsServedMeanwhile() {
    load("key");
    rig.time.advance(SOFT);
    rig.source.failReads(Rig.down());
    assertThat(rig.keyspace.getEntry("key").staleness()).isEqualTo(Staleness.SOFT_TTL);
    assertThat(rig.keyspace.getEntry("key").staleness()).isEqualTo(Staleness.SOFT_TTL);
    rig.time.advance(Duration.ofMillis(999));
    assertThat(rig.keyspace.getEntry("key").staleness()).isEqualTo(Staleness.SOFT_TTL);
    assertThat(rig.source.keysRead()).containsExactly("key", "key");

    rig.source.pass();
    rig.time.advance(Duration.ofMillis(1));
    assertThat(rig.keyspace.getEntry("key").staleness()).isEqualTo(Staleness.SOFT_TTL);
    assertThat(rig.keyspace.getEntry("key").staleness()).isEqualTo(Staleness.FRESH);
  }

  @Test
  void keyThatIsGoneAtTheSource_isGoneOnceRefreshed() {
    load("key");
    rig.time.advance(SOFT);
    rig.writeAtSource("key", "new", 2);
    rig.apply(rig.source, Rig.removal("key", 3));
    assertThat(rig.keyspace.get("key")).isEqualTo("old");

    assertThat(rig.keyspace.get("key")).isNull();
  }

  @Test
  void copyPastItsSoftTtlInTheRemoteTier_isLabelledToo() {
    load("key");
    rig.time.advance(SOFT);

    assertThat(rig.process(with(ON_TIME)).getEntry("key")).satisfies(entry -> {
      assertThat(entry.tier()).isEqualTo(Tier.REMOTE);
      assertThat(entry.staleness()).isEqualTo(Staleness.SOFT_TTL);
    });
  }

  @Test
  void hardTtl_endsWhatIsNotRefreshed() {
    load("key");
    rig.time.advance(Duration.ofSeconds(60));
    rig.writeAtSource("key", "new", 2);
    rig.dropAtRemote("key");

    assertThat(rig.keyspace.get("key")).isEqualTo("new");
  }

  @Test
  void earlyRefresh_comesAheadByWhatLoadsTakeTimesBetaTimesChance() {
    try (var eager = new Rig(with(ON_TIME.beta(1)))) {
      // Twice the time of a load: an exponential number of 2.
      eager.chance.at(1 - Math.exp(-2));
      loadSlowly(eager, Duration.ofSeconds(1));
      eager.time.advance(Duration.ofMillis(6_990));
      assertThat(eager.keyspace.getEntry("key").isStale()).isFalse();
      assertThat(eager.source.keysRead()).containsExactly("key");

      eager.time.advance(Duration.ofMillis(20));
      assertThat(eager.keyspace.getEntry("key").isStale()).isFalse();
      assertThat(eager.source.keysRead()).containsExactly("key", "key");
    }
  }

  @Test
  void earlyRefresh_neverComesInTheFirstHalf() {
    try (var eager = new Rig(with(ON_TIME.beta(100)))) {
      eager.chance.at(0.9);
      loadSlowly(eager, Duration.ofSeconds(1));
      eager.time.advance(Duration.ofMillis(3_999));
      assertThat(eager.keyspace.getEntry("key").isStale()).isFalse();
      assertThat(eager.source.keysRead()).containsExactly("key");

      eager.time.advance(Duration.ofMillis(2));
      assertThat(eager.keyspace.getEntry("key").isStale()).isFalse();
      assertThat(eager.source.keysRead()).containsExactly("key", "key");
    }
  }

  @Test
  void betaZero_nothingIsRefreshedEarly() {
    try (var lazy = new Rig(with(ON_TIME.jitter(0.5)))) {
      lazy.chance.at(0.99);
      loadSlowly(lazy, Duration.ofSeconds(1));
      lazy.time.advance(Duration.ofMillis(8_999));

      assertThat(lazy.keyspace.getEntry("key").isStale()).isFalse();
      assertThat(lazy.source.keysRead()).containsExactly("key");
      lazy.time.advance(Duration.ofMillis(1));
      assertThat(lazy.keyspace.getEntry("key").isStale()).isTrue();
      assertThat(lazy.source.keysRead()).containsExactly("key", "key");
    }
  }

  private void load(String key) {
    rig.writeAtSource(key, "old", 1);
    assertThat(rig.keyspace.get(key)).isEqualTo("old");
  }

  /** Loads a key that the source takes its time for; its copy is as old when it comes in. */
  private static void loadSlowly(Rig slow, Duration took) {
    slow.writeAtSource("key", "value", 1);
    var load = slow.source.holdReads(Point.REQUEST);
    var reader = slow.async.get("key", ReadOptions.defaults().deadline(Duration.ofSeconds(5)));
    slow.time.advance(took);
    load.release();
    slow.source.pass();
    assertThat(reader).isCompletedWithValue("value");
    assertThat(slow.source.keysRead()).isEqualTo(List.of("key"));
  }

  private static UnaryOperator<KeyspaceSpec.Builder<String, String>> with(TtlPolicy ttls) {
    return spec -> spec.ttls(ttls);
  }
}
