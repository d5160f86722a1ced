package dev.tiercel.redis;

import static dev.tiercel.redis.Calls.await;
import static dev.tiercel.redis.Calls.failure;
import static dev.tiercel.redis.Calls.outcome;
import static dev.tiercel.redis.Calls.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Lease;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadOutcome.Absent;
import dev.tiercel.backend.ReadOutcome.Found;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.error.InvalidRequest;
import dev.tiercel.error.Unavailable;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.RedisExtension;
import dev.tiercel.testing.UniqueName;
import dev.tiercel.testing.engine.RedisEngine;
import dev.tiercel.testing.engine.RedisReplicas;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Reads of a real replica that keeps up, falls behind, is detached, dies and comes back. */
class RedisReplicaTest {

  @RegisterExtension
  static final RedisExtension OWN = RedisExtension.withReplicas(1);

  private static final Duration MAX_LAG = Duration.ofMillis(500);

  private final FakeTime time = new FakeTime();
  private final RedisEngine redis;
  private final RedisReplicas replicas;
  private final RedisBackend backend;
  private final Calls primary;
  private final Calls replica;

  RedisReplicaTest(RedisEngine redis, RedisReplicas replicas) {
    this.redis = redis;
    this.replicas = replicas;
    var options = RedisOptions.of(redis.uri()).region("eu").replicas(replicas.uris());
    this.backend = RedisBackend.connect(options, time);
    var keyspace = UniqueName.of("replica");
    this.primary = new Calls(backend, keyspace);
    this.replica = new Calls(backend.replicas().get(0).backend(), keyspace);
  }

  @AfterEach
  void close() {
    backend.close();
    await("no threads", () -> threads() == 0);
  }

  @Test
  void replicas_areReadOnlyAndNamedAsTheirPrimary() {
    assertThat(backend.replicas()).hasSize(1).allMatch(each -> each.maxLag().equals(MAX_LAG));
    assertThat(replica.backend().name()).isEqualTo("redis");
    assertThat(replica.backend().region()).isEqualTo("eu");
    assertThat(replica.backend().replicas()).isEmpty();
    assertThat(replica.backend().feed()).isEmpty();
    assertThat(replica.backend().capabilities().features())
        .containsExactlyInAnyOrder(Feature.VERSIONS, Feature.METADATA, Feature.EXPIRY);
    assertThat(replica.backend().capabilities().maxReadKeys())
        .isEqualTo(backend.capabilities().maxReadKeys());
  }

  @Test
  void read_keepsUp_answersAsTheReplica() {
    Calls.end(primary.put("key", value("value", 7)));
    Calls.end(primary.put("deleted", new EncodedEntry(null, 0, 0, 8, 0, 0, 0)));
    awaitKeepingUp();

    var outcomes = Calls.end(replica.read("key", "deleted", "other")).outcomes();

    var found = (Found) outcomes.get(0);
    assertThat(found.entry()).isEqualTo(value("value", 7));
    assertThat(found.origin().replica()).isTrue();
    assertThat(found.origin().region()).isEqualTo("eu");
    assertThat(((Absent) outcomes.get(1)).version()).isEqualTo(8);
    assertThat(outcomes.get(2)).isEqualTo(Absent.unknown(found.origin()));
  }

  @Test
  void read_primaryIsReadAlready_countsAtOnce() {
    Calls.end(primary.put("key", value("value", 1)));
    await("the pulse", () -> {
      Calls.end(primary.read("key"));
      return redisHoldsAPulse();
    });
    replicas.awaitInSync();

    assertThat(outcome(replica.read("key"))).isInstanceOf(Found.class);
  }

  @Test
  void read_expiredOrUnreadable_isAbsent() {
    var over = new EncodedEntry(new byte[] {1}, 1, 0, 3, 0, 0, time.millis() + 1000);
    Calls.end(primary.put("over", over));
    try (var console = new RedisConsole(redis.uri())) {
      console.commands().set(KeyNames.value(replica.keyspace(), "bad"), RedisConsole.bytes("bad"));
    }
    time.advance(Duration.ofSeconds(1));
    awaitKeepingUp();

    var outcomes = Calls.end(replica.read("over", "bad")).outcomes();

    assertThat(outcomes).allMatch(Absent.class::isInstance);
    assertThat(((Absent) outcomes.get(0)).unreadable()).isNull();
    assertThat(((Absent) outcomes.get(1)).unreadable()).isNotNull();
  }

  @Test
  void read_askingForALease_getsNone() {
    awaitKeepingUp();

    var absent = (Absent) outcome(replica.readLeasing(List.of("missing")));

    assertThat(absent.lease()).isEqualTo(Lease.NONE);
    assertThat(
            ((Absent) outcome(primary.readLeasing(List.of("missing")))).lease().granted())
        .isTrue();
  }

  @Test
  void write_isRefused() {
    var put = replica.put("key", value("value", 1));

    assertThat(Calls.writeFailure(put)).isInstanceOf(InvalidRequest.class);
    assertThat(outcome(primary.read("key"))).isInstanceOf(Absent.class);
  }

  @Test
  void read_detached_isBehindAfterTheLag() {
    Calls.end(primary.put("key", value("old", 1)));
    awaitKeepingUp();
    try (var console = new RedisConsole(replicas.get(0).uri())) {
      console.commands().replicaofNoOne();
      Calls.end(primary.put("key", value("new", 2)));

      time.advance(MAX_LAG.plusNanos(1));

      assertThat(failure(replica.read("key", "other")))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("replica: behind by more than 500 ms (expected: at most 500 ms)");
      assertThat(((Found) outcome(primary.read("key"))).entry()).isEqualTo(value("new", 2));
    }
  }

  @Test
  void read_primaryDies_isBehindAfterTheLag_andAnswersAgainWhenItIsBack() {
    Calls.end(primary.put("key", value("value", 1)));
    awaitKeepingUp();
    redis.kill();

    time.advance(MAX_LAG.plusNanos(1));
    assertThat(failure(replica.read("key"))).isInstanceOf(Unavailable.class);

    redis.start();
    await("the empty primary's data", () -> {
      time.advance(Duration.ofMillis(100));
      return outcome(replica.read("key")) instanceof Absent;
    });
  }

  @Test
  void read_replicaDies_isUnavailable_andAnswersAgainWhenItIsBack() {
    Calls.end(primary.put("key", value("value", 1)));
    awaitKeepingUp();

    replicas.get(0).kill();
    assertThat(failure(replica.read("key"))).isInstanceOf(Unavailable.class);
    assertThat(outcome(primary.read("key"))).isInstanceOf(Found.class);

    replicas.get(0).start();
    await("an answer", () -> {
      time.advance(Duration.ofMillis(100));
      return outcome(replica.read("key")) instanceof Found;
    });
  }

  @Test
  void read_barriersTheReaderDoesNotKnow_areTold() {
    awaitKeepingUp();
    var raised = raise("group");
    replicas.awaitInSync();

    var result = Calls.end(read(replica, Barriers.NONE));

    assertThat(result.barriers()).isEqualTo(Barriers.of("group", raised));
    assertThat(result.outcomes().get(0)).isInstanceOf(Absent.class);
    assertThat(Calls.end(read(replica, new Barriers(raised, Map.of()))).barriers())
        .isEqualTo(Barriers.NONE);
  }

  @Test
  void read_barriersTheReplicaDoesNotKnow_isBehind() {
    awaitKeepingUp();
    var raised = raise("group");
    replicas.awaitInSync();

    assertThat(failure(read(replica, new Barriers(raised + 1, Map.of()))))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("behind");
  }

  @Test
  void read_clockForgotten_answersAsThePrimaryDoes() {
    awaitKeepingUp();
    var known = new Barriers(raise("group"), Map.of());
    try (var console = new RedisConsole(redis.uri())) {
      console.commands().del(KeyNames.clock(replica.keyspace()));
    }
    replicas.awaitInSync();

    assertThat(Calls.end(read(primary, known)).outcomes().get(0)).isInstanceOf(Absent.class);
    assertThat(Calls.end(read(replica, known)).outcomes().get(0)).isInstanceOf(Absent.class);
  }

  @Test
  void pulse_endsWhenNobodyReads_andBeginsAgain() {
    awaitKeepingUp();
    time.advance(Duration.ofSeconds(11));
    try (var console = new RedisConsole(redis.uri())) {
      await("the last one", () -> time.pendingTimers() == 0);
      console.resetCounts();

      time.advance(Duration.ofHours(1));
      assertThat(console.calls("set")).isZero();

      awaitKeepingUp();
      assertThat(console.calls("set")).isPositive();
    }
  }

  @Test
  void pulse_endsWithTheBackend() {
    awaitKeepingUp();
    assertThat(time.pendingTimers()).isEqualTo(1);

    backend.close();

    assertThat(time.pendingTimers()).isZero();
    assertThat(failure(replica.read("key")))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("closed");
    assertThat(time.pendingTimers()).isZero();
  }

  @Test
  void pulse_isNotWrittenWithoutReplicas() {
    var itsTime = new FakeTime();
    try (var alone = RedisBackend.connect(RedisOptions.of(redis.uri()), itsTime)) {
      assertThat(alone.replicas()).isEmpty();
      assertThat(outcome(new Calls(alone, "alone").read("key"))).isInstanceOf(Absent.class);
      assertThat(itsTime.pendingTimers()).isZero();
    }
  }

  private void awaitKeepingUp() {
    await(
        "a replica that keeps up",
        () -> !(outcome(replica.read("some")) instanceof ReadOutcome.Failed));
    replicas.awaitInSync();
  }

  private boolean redisHoldsAPulse() {
    try (var console = new RedisConsole(redis.uri())) {
      return !console.commands().keys("pulse:{*").isEmpty();
    }
  }

  private long raise(String group) {
    var outcome = Calls.writeOutcome(primary.write(List.of(new Mutation.Barrier(group))));
    return ((WriteOutcome.Stored) outcome).version();
  }

  private CompletableFuture<ReadResult> read(Calls calls, Barriers known) {
    var context = CallContext.of(Deadline.after(Duration.ofHours(1), time));
    var request = ReadRequest.of(calls.keyspace(), List.of("key")).withBarriers(known);
    return calls.backend().read(request, context);
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("tiercel-redis"))
        .count();
  }
}
