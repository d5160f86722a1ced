package dev.tiercel;

import static dev.tiercel.Rig.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.Tier;
import dev.tiercel.builtin.Backends;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.Unavailable;
import dev.tiercel.testing.StagedBackend.Point;
import dev.tiercel.tier.RemotePolicy;
import dev.tiercel.tier.TtlPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Across processes one loads a missing key, and the others wait for it as long as they can. */
class LeaseWaitTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  private final Rig rig = new Rig();
  private final AsyncKeyspace<String, String> other = rig.anotherProcess().async();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void keyLoadedElsewhere_isWaitedForAndLoadedOnce() {
    rig.writeAtSource("key", "value", 1);
    var load = rig.source.holdReads(Point.REQUEST);
    var holder = rig.async.get("key");
    var waiting = Stream.generate(rig::anotherProcess)
        .limit(5)
        .map(process -> process.async().getEntry("key"))
        .toList();
    assertThat(waiting).noneMatch(CompletableFuture::isDone);
    load.release();

    assertThat(holder).isCompletedWithValue("value");
    assertThat(waiting).allSatisfy(reader -> {
      assertThat(reader).isCompleted();
      assertThat(reader.join().tier()).isEqualTo(Tier.REMOTE);
    });
    assertThat(rig.source.keysRead()).containsExactly("key");
  }

  @Test
  void holderFindsNothing_whoWaitsIsToldOfThat() {
    var load = rig.source.holdReads(Point.REQUEST);
    var holder = rig.async.get("key");
    var waiting = other.get("key");
    load.release();

    assertThat(holder).isCompletedWithValue(null);
    assertThat(waiting).isCompletedWithValue(null);
    assertThat(rig.source.keysRead()).containsExactly("key");
  }

  @Test
  void holderFindsNothingAndNothingIsRemembered_whoWaitsAsksItself() {
    var absences = TtlPolicy.defaults().negative(Duration.ZERO);
    try (var forgetful = new Rig(spec -> spec.ttls(absences))) {
      var waiter = forgetful.process(spec -> spec.ttls(absences)).async();
      var load = forgetful.source.holdReads(Point.REQUEST);
      var holder = forgetful.async.get("key");
      var waiting = waiter.get("key");
      load.release();

      assertThat(holder).isCompletedWithValue(null);
      assertThat(waiting).isCompletedWithValue(null);
      assertThat(forgetful.source.keysRead()).containsExactly("key", "key");
    }
  }

  @Test
  void holderFails_whoWaitsIsWokenAndLoads() {
    var source = new FailingSource(Backends.inMemoryStore(1 << 20, rig.time));
    try (var moody = new Rig(source, spec -> spec)) {
      var waiter = moody.anotherProcess().async();
      moody.writeAtSource("key", "value", 1);
      var load = moody.source.holdReads(Point.REQUEST);
      var holder = moody.async.get("key");
      var waiting = waiter.get("key");
      source.failures = 1;
      load.release();

      assertThat(failureOf(holder)).isInstanceOf(Unavailable.class);
      assertThat(waiting).isCompletedWithValue("value");
      assertThat(moody.remoteValue("key")).isEqualTo("value");
    }
  }

  @Test
  void holdersLastReaderLeaves_whoWaitsIsWokenAndLoads() {
    rig.writeAtSource("key", "value", 1);
    rig.source.holdReads(Point.REQUEST);
    var holder = rig.async.get("key");
    var waiting = other.get("key");
    rig.source.pass();
    holder.cancel(true);

    assertThat(rig.remote.mutations()).anyMatch(Mutation.Release.class::isInstance);
    assertThat(waiting).isCompletedWithValue("value");
    assertThat(rig.remoteValue("key")).isEqualTo("value");
  }

  @Test
  void putMeanwhile_whoWaitsIsAnsweredWithIt() {
    rig.writeAtSource("key", "old", 1);
    rig.source.holdReads(Point.ANSWER);
    var holder = rig.async.get("key");
    var waiting = other.get("key");
    var writer = rig.anotherProcess();
    writer.put("key", "new");

    assertThat(waiting).isCompletedWithValue("new");
    assertThat(holder).isNotDone();
  }

  @Test
  void holderIsDead_whoWaitsTakesTheLeaseWhenItIsOver() {
    rig.writeAtSource("key", "value", 1);
    rig.leaseToTheDead("key", Duration.ofMillis(100));
    var waiting = other.get("key");
    rig.time.advance(Duration.ofMillis(99));
    assertThat(waiting).isNotDone();
    assertThat(rig.source.keysRead()).isEmpty();

    rig.time.advance(Duration.ofMillis(1));
    assertThat(waiting).isCompletedWithValue("value");
    assertThat(rig.remoteValue("key")).isEqualTo("value");
  }

  @Test
  void holderIsDeadForLong_whoWaitsAsksTheSourceWhileThereIsTime() {
    rig.writeAtSource("key", "value", 1);
    rig.leaseToTheDead("key", Duration.ofSeconds(5));
    var waiting = other.getEntry("key");
    rig.time.advance(Duration.ofMillis(124));
    assertThat(waiting).isNotDone();

    // How long a load takes is not known yet: half of the time is kept for it.
    rig.time.advance(Duration.ofMillis(1));
    assertThat(waiting).isCompleted();
    assertThat(waiting.join().tier()).isEqualTo(Tier.SOURCE);
    assertThat(rig.remoteValue("key")).isNull();
  }

  @Test
  void holderIsDeadForLong_whoKnowsHowLongLoadsTakeWaitsForAsLongAsItCan() {
    rig.writeAtSource("known", "value", 1);
    rig.writeAtSource("key", "value", 1);
    var load = rig.source.holdReads(Point.REQUEST);
    var known = other.get("known");
    rig.time.advance(Duration.ofMillis(20));
    load.release();
    rig.source.pass();
    assertThat(known).isCompleted();
    rig.leaseToTheDead("key", Duration.ofSeconds(5));
    var waiting = other.get("key");

    // A quarter of the time is kept for a load, however short loads are.
    rig.time.advance(Duration.ofMillis(187));
    assertThat(waiting).isNotDone();
    rig.time.advance(Duration.ofMillis(1));
    assertThat(waiting).isCompletedWithValue("value");
  }

  @Test
  void manyKeysOfADeadHolder_onlySoManyGoToTheSourceAtOnce() {
    var policy = RemotePolicy.defaults().maxFallbackKeys(2);
    var narrow = rig.process(spec -> spec.remote(rig.remote, policy)).async();
    var keys = List.of("a", "b", "c", "d");
    keys.forEach(key -> rig.writeAtSource(key, "value", 1));
    keys.forEach(key -> rig.leaseToTheDead(key, Duration.ofSeconds(5)));
    var load = rig.source.holdReads(Point.REQUEST);
    var waiting = keys.stream().map(narrow::get).toList();
    rig.time.advance(Duration.ofMillis(125));
    load.release();

    assertThat(waiting.subList(0, 2))
        .allSatisfy(reader -> assertThat(reader).isCompletedWithValue("value"));
    assertThat(waiting.subList(2, 4))
        .allSatisfy(reader -> assertThat(failureOf(reader)).isInstanceOf(Overloaded.class));
  }

  @Test
  void slowLoad_renewsItsLeaseAndFills() {
    rig.writeAtSource("key", "value", 1);
    var load = rig.source.holdReads(Point.REQUEST);
    var holder = rig.async.get("key", ReadOptions.defaults().deadline(LONG));
    var waiting = other.get("key", ReadOptions.defaults().deadline(LONG));
    rig.time.advance(Duration.ofSeconds(9));
    assertThat(waiting).isNotDone();
    load.release();

    assertThat(holder).isCompletedWithValue("value");
    assertThat(waiting).isCompletedWithValue("value");
    assertThat(rig.remoteValue("key")).isEqualTo("value");
    assertThat(rig.source.keysRead()).containsExactly("key");
    var renewals = renewals();
    assertThat(renewals).isPositive();
    rig.time.advance(LONG);
    assertThat(renewals()).isEqualTo(renewals);
    assertThat(rig.time.pendingTimers()).isZero();
  }

  @Test
  void feedIsCut_nobodyWaits() {
    rig.writeAtSource("key", "value", 1);
    rig.remote.cutFeed();
    var load = rig.source.holdReads(Point.REQUEST);
    var holder = rig.async.get("key");
    var second = other.get("key");

    assertThat(rig.source.keysRead()).containsExactly("key", "key");
    load.release();
    assertThat(List.of(holder, second))
        .allSatisfy(reader -> assertThat(reader).isCompletedWithValue("value"));
  }

  @Test
  void feedIsCutMeanwhile_whoWaitsLoadsAtOnce() {
    rig.writeAtSource("key", "value", 1);
    rig.source.holdReads(Point.REQUEST);
    var holder = rig.async.get("key");
    var waiting = other.get("key");
    rig.source.pass();
    assertThat(waiting).isNotDone();
    rig.remote.cutFeed();

    assertThat(waiting).isCompletedWithValue("value");
    assertThat(holder).isNotDone();
  }

  @Test
  void keyIsHeldOff_nobodyWaitsAndNobodyFills() {
    rig.writeAtSource("key", "value", 1);
    rig.apply(rig.remote, new Mutation.Forget("key", Duration.ofSeconds(10)));

    assertThat(other.get("key")).isCompletedWithValue("value");
    assertThat(rig.remoteValue("key")).isNull();
  }

  @Test
  void whoWaitsAndLeaves_leavesNothingBehind() {
    rig.leaseToTheDead("key", Duration.ofSeconds(5));
    var waiting = other.get("key");
    waiting.cancel(true);

    assertThat(rig.time.pendingTimers()).isZero();
    assertThat(rig.source.keysRead()).isEmpty();
  }

  private long renewals() {
    return rig.remote.mutations().stream()
        .filter(Mutation.Renew.class::isInstance)
        .count();
  }
}
