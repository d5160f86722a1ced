package dev.tiercel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.Staleness;
import dev.tiercel.backend.Tier;
import dev.tiercel.builtin.Backends;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.observe.ProbePolicy;
import dev.tiercel.observe.ProbeResult;
import dev.tiercel.observe.ProbeResult.Verdict;
import dev.tiercel.testing.StagedBackend.Point;
import dev.tiercel.time.Version;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A share of the answers of the caches is compared with the source of record, afterwards. */
class ProbeTest {

  private static final Duration DELAY = Duration.ofSeconds(1);
  private static final ProbePolicy ALL =
      ProbePolicy.defaults().share(1).delay(DELAY).perSecond(1_000_000);

  private Rig rig = new Rig(spec -> spec.probe(ALL));

  @AfterEach
  void close() {
    rig.close();
  }

  private void rig(Backend source, UnaryOperator<KeyspaceSpec.Builder<String, String>> adjust) {
    rig.close();
    rig = new Rig(source, spec -> adjust.apply(spec.probe(ALL)));
  }

  /** A version of now. */
  private long now() {
    return Version.of(rig.time.millis(), 1);
  }

  private static ProbeResult result(Tier tier, Verdict verdict, Duration overtakenFor) {
    return new ProbeResult(Rig.NAME, tier, Staleness.FRESH, verdict, overtakenFor);
  }

  private static ProbeResult result(Tier tier, Verdict verdict) {
    return result(tier, verdict, Duration.ZERO);
  }

  @Test
  void localAnswer_sameAtTheSource_agreesAfterTheDelay() {
    rig.keyspace.put("key", "value");
    assertThat(rig.keyspace.get("key")).isEqualTo("value");
    assertThat(rig.source.keysRead()).isEmpty();

    rig.time.advance(DELAY.minusMillis(1));
    assertThat(rig.events.probes).isEmpty();
    rig.time.advance(Duration.ofMillis(1));

    assertThat(rig.events.probes).containsExactly(result(Tier.LOCAL, Verdict.SAME));
    assertThat(rig.events.probes.get(0).agrees()).isTrue();
    assertThat(rig.events.sourceLoads).containsExactly(1);
  }

  @Test
  void remoteAnswer_sameAtTheSource_agrees() {
    rig(null, Rig.withoutLocalTier());
    rig.keyspace.put("key", "value");
    assertThat(rig.keyspace.get("key")).isEqualTo("value");
    rig.time.advance(DELAY);

    assertThat(rig.events.probes).containsExactly(result(Tier.REMOTE, Verdict.SAME));
  }

  @Test
  void sourceAnswer_isNotCompared() {
    rig.writeAtSource("key", "value", now());
    assertThat(rig.keyspace.get("key")).isEqualTo("value");
    rig.time.advance(DELAY);

    assertThat(rig.events.probes).isEmpty();
    assertThat(rig.source.keysRead()).containsExactly("key");
  }

  @Test
  void asyncAndEntryAndBatchAnswers_areCompared() {
    rig.keyspace.put("key", "value");
    assertThat(rig.async.get("key")).isCompletedWithValue("value");
    rig.time.advance(Duration.ofMillis(1));
    assertThat(rig.keyspace.getEntry("key")).isNotNull();
    rig.time.advance(Duration.ofMillis(1));
    assertThat(rig.keyspace.getAll(List.of("key")).found()).containsKey("key");
    rig.time.advance(DELAY);

    assertThat(rig.events.probes).hasSize(3);
  }

  @Test
  void answerOvertakenBefore_disagreesWithItsAge() {
    rig.keyspace.put("key", "old");
    rig.time.advance(Duration.ofSeconds(5));
    rig.writeAtSource("key", "new", now());
    rig.time.advance(Duration.ofSeconds(3));
    assertThat(rig.keyspace.get("key")).isEqualTo("old");
    rig.time.advance(DELAY);

    assertThat(rig.events.probes)
        .containsExactly(result(Tier.LOCAL, Verdict.OVERTAKEN, Duration.ofSeconds(3)));
    assertThat(rig.events.probes.get(0).agrees()).isFalse();
  }

  @Test
  void answerOvertakenBefore_isForgottenByTheCachesOnceMeasured() {
    rig.keyspace.put("key", "old");
    rig.time.advance(Duration.ofSeconds(1));
    rig.writeAtSource("key", "new", now());
    rig.time.advance(Duration.ofSeconds(1));
    assertThat(rig.keyspace.get("key")).isEqualTo("old");
    rig.time.advance(DELAY);

    assertThat(rig.remoteValue("key")).isNull();
    assertThat(rig.keyspace.get("key")).isEqualTo("new");
  }

  @Test
  void keyWrittenAfterTheAnswer_agrees() {
    rig.keyspace.put("key", "old");
    assertThat(rig.keyspace.get("key")).isEqualTo("old");
    rig.time.advance(Duration.ofMillis(500));
    rig.writeAtSource("key", "new", now());
    rig.time.advance(DELAY);

    assertThat(rig.events.probes).containsExactly(result(Tier.LOCAL, Verdict.WRITTEN_SINCE));
    assertThat(rig.events.probes.get(0).agrees()).isTrue();
    assertThat(rig.remoteValue("key")).isEqualTo("old");
  }

  @Test
  void keyWrittenWhileItWasRead_agrees() {
    rig(null, Rig.withoutLocalTier());
    rig.keyspace.put("key", "old");
    var held = rig.remote.holdReads(Point.ANSWER);
    var read = rig.async.get("key");
    rig.time.advance(Duration.ofMillis(5));
    rig.writeAtSource("key", "new", now());
    rig.time.advance(Duration.ofMillis(5));
    held.release();
    assertThat(read).isCompletedWithValue("old");
    rig.time.advance(DELAY);

    assertThat(rig.events.probes).containsExactly(result(Tier.REMOTE, Verdict.WRITTEN_SINCE));
  }

  @Test
  void absentHereAndAtTheSource_agrees() {
    assertThat(rig.keyspace.get("key")).isNull();
    assertThat(rig.keyspace.get("key")).isNull();
    rig.time.advance(DELAY);

    assertThat(rig.events.probes).containsExactly(result(Tier.LOCAL, Verdict.SAME));
  }

  @Test
  void absentHereButWrittenBefore_disagrees() {
    assertThat(rig.keyspace.get("key")).isNull();
    rig.writeAtSource("key", "value", now());
    rig.time.advance(Duration.ofMillis(20));
    assertThat(rig.keyspace.get("key")).isNull();
    rig.time.advance(DELAY);

    assertThat(rig.events.probes)
        .containsExactly(result(Tier.LOCAL, Verdict.OVERTAKEN, Duration.ofMillis(20)));
    assertThat(rig.keyspace.get("key")).isEqualTo("value");
  }

  @Test
  void removedAtTheSourceBefore_disagrees() {
    rig.keyspace.put("key", "value");
    rig.time.advance(Duration.ofSeconds(1));
    rig.removeAtSource("key", now());
    rig.time.advance(Duration.ofSeconds(2));
    assertThat(rig.keyspace.get("key")).isEqualTo("value");
    rig.time.advance(DELAY);

    assertThat(rig.events.probes)
        .containsExactly(result(Tier.LOCAL, Verdict.OVERTAKEN, Duration.ofSeconds(2)));
    assertThat(rig.keyspace.get("key")).isNull();
  }

  @Test
  void tombstoneHereAndAtTheSource_agrees() {
    rig.keyspace.put("key", "value");
    rig.keyspace.remove("key");
    assertThat(rig.keyspace.get("key")).isNull();
    rig.time.advance(DELAY);

    assertThat(rig.events.probes).containsExactly(result(Tier.LOCAL, Verdict.SAME));
  }

  @Test
  void sourceSetBack_disagreesAndTheCachesKeepWhatTheyHave() {
    rig.keyspace.put("key", "newer");
    rig.writeAtSource("key", "older", Version.of(rig.time.millis() - 1000, 0));
    assertThat(rig.keyspace.get("key")).isEqualTo("newer");
    rig.time.advance(DELAY);

    assertThat(rig.events.probes).containsExactly(result(Tier.LOCAL, Verdict.AHEAD));
    assertThat(rig.events.probes.get(0).agrees()).isFalse();
    assertThat(rig.remoteValue("key")).isEqualTo("newer");
  }

  @Test
  void valueExpiredAtTheSourceMeanwhile_agrees() {
    rig.keyspace.put("key", "value", WriteOptions.defaults().ttl(Duration.ofMillis(500)));
    assertThat(rig.keyspace.get("key")).isEqualTo("value");
    rig.time.advance(DELAY);
    assertThat(rig.events.probes).isEmpty();
    rig.time.advance(DELAY);

    assertThat(rig.events.probes).containsExactly(result(Tier.LOCAL, Verdict.WRITTEN_SINCE));
  }

  @Test
  void suspectAnswer_isToldWithItsLabel() {
    rig.keyspace.put("key", "value");
    rig.remote.cutFeed();
    assertThat(rig.keyspace.get("key")).isEqualTo("value");
    rig.time.advance(DELAY);

    assertThat(rig.events.probes)
        .extracting(ProbeResult::staleness)
        .containsExactly(Staleness.SUSPECT);
  }

  @Test
  void versionsThatAreNoClock_areComparedTwiceAndTellNoAge() {
    rig.writeAtSource("key", "old", 5);
    assertThat(rig.keyspace.get("key")).isEqualTo("old");
    rig.writeAtSource("key", "new", 6);
    assertThat(rig.keyspace.get("key")).isEqualTo("old");
    rig.time.advance(DELAY.multipliedBy(2));

    assertThat(rig.events.probes).containsExactly(result(Tier.LOCAL, Verdict.DIFFERENT));
  }

  private static Backend function(Map<String, String> values) {
    return Backends.loadingAsync(
        KeyFormat.string(),
        Codecs.utf8(),
        keys -> CompletableFuture.completedFuture(Map.copyOf(values)));
  }

  private Map<String, String> unversioned(
      UnaryOperator<KeyspaceSpec.Builder<String, String>> adjust) {
    var values = new HashMap<>(Map.of("key", "old"));
    rig(function(values), adjust);
    assertThat(rig.keyspace.get("key")).isEqualTo("old");
    assertThat(rig.keyspace.get("key")).isEqualTo("old");
    return values;
  }

  @Test
  void withoutVersions_sameValue_agrees() {
    unversioned(spec -> spec);
    rig.time.advance(DELAY);

    assertThat(rig.events.probes).containsExactly(result(Tier.LOCAL, Verdict.SAME));
  }

  @Test
  void withoutVersions_otherValueTwice_disagreesAndIsForgotten() {
    unversioned(spec -> spec).put("key", "new");
    rig.time.advance(DELAY);
    assertThat(rig.events.probes).isEmpty();
    rig.time.advance(DELAY);

    assertThat(rig.events.probes).containsExactly(result(Tier.LOCAL, Verdict.DIFFERENT));
    assertThat(rig.keyspace.get("key")).isEqualTo("new");
  }

  @Test
  void withoutVersions_otherValueTwiceInTheRemoteTier_disagrees() {
    unversioned(Rig.withoutLocalTier()).put("key", "new");
    rig.time.advance(DELAY.multipliedBy(2));

    assertThat(rig.events.probes).containsExactly(result(Tier.REMOTE, Verdict.DIFFERENT));
    assertThat(rig.remoteValue("key")).isNull();
  }

  @Test
  void withoutVersions_valueGoneTwice_disagrees() {
    unversioned(spec -> spec).remove("key");
    rig.time.advance(DELAY.multipliedBy(2));

    assertThat(rig.events.probes).containsExactly(result(Tier.LOCAL, Verdict.DIFFERENT));
    assertThat(rig.keyspace.get("key")).isNull();
  }

  @Test
  void withoutVersions_cachesThatCaughtUp_agree() {
    unversioned(spec -> spec).put("key", "new");
    rig.time.advance(DELAY);
    rig.keyspace.expire("key");
    assertThat(rig.keyspace.get("key")).isEqualTo("new");
    rig.time.advance(DELAY);

    assertThat(rig.events.probes).containsExactly(result(Tier.LOCAL, Verdict.WRITTEN_SINCE));
  }

  @Test
  void withoutVersions_cachesThatHoldNothingAnyMore_agreeAndAreNotFilled() {
    unversioned(spec -> spec).put("key", "new");
    rig.time.advance(DELAY);
    rig.keyspace.expire("key");
    rig.time.advance(DELAY);

    assertThat(rig.events.probes).containsExactly(result(Tier.LOCAL, Verdict.WRITTEN_SINCE));
    assertThat(rig.remoteValue("key")).isNull();
  }

  @Test
  void withoutVersions_copyOfAnExpiredGroup_isNotHeldAnyMore() {
    unversioned(spec -> spec.groups((key, value) -> Set.of(value))).put("key", "new");
    rig.time.advance(DELAY);
    rig.keyspace.expireGroup("old");
    rig.time.advance(DELAY);

    assertThat(rig.events.probes).containsExactly(result(Tier.LOCAL, Verdict.WRITTEN_SINCE));
  }

  @Test
  void comparison_fillsNothingAndTellsNobody() {
    rig.keyspace.put("key", "value");
    var sent = rig.remote.mutations().size();
    assertThat(rig.keyspace.get("key")).isEqualTo("value");
    rig.time.advance(DELAY);

    assertThat(rig.source.keysRead()).containsExactly("key");
    assertThat(rig.remote.keysRead()).isEmpty();
    assertThat(rig.remote.mutations()).hasSize(sent);
  }

  @Test
  void byDefault_nothingIsCompared() {
    rig.close();
    rig = new Rig();
    rig.keyspace.put("key", "value");
    var timers = rig.time.pendingTimers();
    assertThat(rig.keyspace.get("key")).isEqualTo("value");

    assertThat(rig.time.pendingTimers()).isEqualTo(timers);
    rig.time.advance(Duration.ofSeconds(10));
    assertThat(rig.events.probes).isEmpty();
  }

  @Test
  void share_isHonoured() {
    var seed = new Random().nextLong();
    var client = ServingClient.builder()
        .time(rig.time)
        .executor(Runnable::run)
        .random(new Random(seed))
        .listener(rig.events)
        .build();
    var keyspace = client.keyspace(KeyspaceSpec.builder("share", KeyFormat.string(), Codecs.utf8())
        .source(rig.source)
        .probe(ALL.share(0.2).delay(Duration.ZERO))
        .build());
    keyspace.put("key", "value");
    for (var read = 0; read < 10_000; read++) {
      assertThat(keyspace.get("key")).isEqualTo("value");
      rig.time.advance(Duration.ofMillis(1));
    }
    client.close();

    // Seven standard deviations.
    assertThat(rig.events.probes.size()).as("seed: " + seed).isCloseTo(2_000, within(280));
  }

  @Test
  void perSecond_spreadsWhatIsTaken() {
    rig.close();
    rig = new Rig(spec -> spec.probe(ALL.perSecond(4)));
    rig.keyspace.put("key", "value");
    for (var read = 0; read < 1_000; read++) {
      assertThat(rig.keyspace.get("key")).isEqualTo("value");
      rig.time.advance(Duration.ofMillis(1));
    }
    rig.time.advance(DELAY);

    assertThat(rig.events.probes).hasSize(4);
  }

  @Test
  void maxWaiting_answersPastIt_areNotCompared() {
    rig.close();
    rig = new Rig(spec -> spec.probe(ALL.maxWaiting(2)));
    rig.keyspace.put("key", "value");
    for (var read = 0; read < 5; read++) {
      assertThat(rig.keyspace.get("key")).isEqualTo("value");
      rig.time.advance(Duration.ofMillis(1));
    }
    rig.time.advance(DELAY);
    assertThat(rig.events.probes).hasSize(2);

    assertThat(rig.keyspace.get("key")).isEqualTo("value");
    rig.time.advance(DELAY);
    assertThat(rig.events.probes).hasSize(3);
  }

  @Test
  void failingSource_isToldAsAFailureAndNotCompared() {
    rig.keyspace.put("key", "value");
    assertThat(rig.keyspace.get("key")).isEqualTo("value");
    rig.source.failReads(new Unavailable("down", Where.NOWHERE, null));
    rig.time.advance(DELAY);

    assertThat(rig.events.probes).isEmpty();
    assertThat(rig.events.probeFailures).hasSize(1).first().isInstanceOf(Unavailable.class);
  }

  @Test
  void silentSource_holdsUpNobodyAndEndsByTheDeadline() {
    rig.keyspace.put("key", "value");
    assertThat(rig.keyspace.get("key")).isEqualTo("value");
    var held = rig.source.holdReads(Point.REQUEST);
    rig.time.advance(DELAY);
    held.awaitArrival();
    assertThat(rig.keyspace.get("key")).isEqualTo("value");
    rig.time.advance(Rig.DEADLINE);

    assertThat(rig.events.probes).isEmpty();
    assertThat(rig.events.probeFailures).hasSize(1).first().isInstanceOf(DeadlineExceeded.class);
    assertThat(held.cancelled()).isEqualTo(1);
  }

  @Test
  void close_dropsWhatWaits() {
    rig.keyspace.put("key", "value");
    var timers = rig.time.pendingTimers();
    assertThat(rig.keyspace.get("key")).isEqualTo("value");
    assertThat(rig.time.pendingTimers()).isEqualTo(timers + 1);
    rig.close();

    assertThat(rig.time.pendingTimers()).isEqualTo(timers);
    rig.time.advance(DELAY);
    assertThat(rig.events.probes).isEmpty();
    assertThat(rig.events.probeFailures).isEmpty();
  }

  @Test
  void close_whileTheSourceIsAsked_tellsNothing() {
    rig.keyspace.put("key", "value");
    assertThat(rig.keyspace.get("key")).isEqualTo("value");
    var held = rig.source.holdReads(Point.REQUEST);
    rig.time.advance(DELAY);
    held.awaitArrival();
    rig.close();
    held.release();
    rig.time.advance(DELAY);

    assertThat(rig.events.probes).isEmpty();
    assertThat(rig.events.probeFailures).isEmpty();
  }
}
