package dev.tiercel.redis;

import static dev.tiercel.redis.Calls.outcome;
import static dev.tiercel.redis.Calls.value;
import static dev.tiercel.redis.Calls.writeOutcome;
import static dev.tiercel.redis.RedisConsole.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Lease;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.codec.Envelope;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.RedisExtension;
import dev.tiercel.testing.UniqueName;
import dev.tiercel.testing.engine.RedisEngine;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the scripts do inside a real Redis, beyond what every backend promises. */
class RedisScriptsTest {

  @RegisterExtension
  static final RedisExtension OWN = RedisExtension.own();

  private final FakeTime time = new FakeTime();
  private final RedisConsole console;
  private final RedisBackend backend;
  private final Calls calls;

  RedisScriptsTest(RedisEngine redis) {
    console = new RedisConsole(redis.uri());
    backend = RedisBackend.connect(RedisOptions.of(redis.uri()).region("eu"), time);
    calls = new Calls(backend, UniqueName.of("scripts"));
  }

  @AfterEach
  void close() {
    backend.close();
    console.close();
  }

  @Test
  void write_redisHasForgottenTheScripts_eachMutationRunsOnce() {
    for (var round = 1; round <= 3; round++) {
      console.commands().scriptFlush();
      console.resetCounts();
      var version = round;
      var mutations = IntStream.range(0, 50)
          .mapToObj(i -> new Mutation.Put("key" + i, value("value", version), Condition.IF_NEWER))
          .toList();

      var outcomes = Calls.end(calls.write(mutations)).outcomes();

      assertThat(outcomes).hasSize(50).containsOnly(new WriteOutcome.Stored(version));
      assertThat(console.calls("set")).isEqualTo(50);
      assertThat(console.calls("eval")).isPositive();
    }
  }

  @Test
  void write_redisKnowsTheScripts_theyAreNotSentAgain() {
    assertThat(writeOutcome(calls.put("key", value("value", 1))))
        .isEqualTo(new WriteOutcome.Stored(1));
    console.resetCounts();

    assertThat(writeOutcome(calls.put("key", value("value", 2))))
        .isEqualTo(new WriteOutcome.Stored(2));

    assertThat(console.calls("evalsha")).isEqualTo(1);
    assertThat(console.calls("eval")).isZero();
  }

  @Test
  void readWithLease_redisHasForgottenTheScript_leases() {
    console.commands().scriptFlush();

    assertThat(leased("key").lease().granted()).isTrue();
    assertThat(leased("key").lease().granted()).isFalse();
  }

  @Test
  void read_manyKeys_isOneCommand() {
    var keys = IntStream.range(0, 1000).mapToObj(i -> "key" + i).toList();
    Calls.end(calls.put("key7", value("seven", 1)));
    console.resetCounts();

    var outcomes = Calls.end(calls.read(keys.toArray(String[]::new))).outcomes();

    assertThat(outcomes)
        .hasSize(1000)
        .filteredOn(ReadOutcome.Found.class::isInstance)
        .hasSize(1);
    assertThat(outcomes.get(7)).isInstanceOf(ReadOutcome.Found.class);
    assertThat(console.calls("mget")).isEqualTo(1);
    assertThat(console.calls("evalsha") + console.calls("eval")).isZero();
  }

  @Test
  void readWithLease_asksTheScriptForMissingKeysOnly() {
    Calls.end(calls.put("there", value("value", 1)));
    leased("warm-up");
    console.resetCounts();

    var outcomes =
        Calls.end(calls.readLeasing(List.of("there", "one", "other"))).outcomes();

    assertThat(outcomes.get(0)).isInstanceOf(ReadOutcome.Found.class);
    assertThat(console.calls("mget")).isEqualTo(1);
    assertThat(console.calls("evalsha")).isEqualTo(2);
  }

  @Test
  void answers_tellTheRegion() {
    Calls.end(calls.put("key", value("value", 1)));

    assertThat(backend.region()).isEqualTo("eu");
    assertThat(((ReadOutcome.Found) outcome(calls.read("key"))).origin().region())
        .isEqualTo("eu");
    assertThat(((ReadOutcome.Absent) outcome(calls.read("other"))).origin().region())
        .isEqualTo("eu");
  }

  @Test
  void put_thatExpires_goesFromRedisWithIt() {
    Calls.end(calls.put("key", expiringIn(Duration.ofMinutes(5), 1)));
    assertThat(console.millisLeft(valueKey("key"))).isBetween(200_000L, 300_000L);

    Calls.end(calls.put("key", value("for ever", 2)));
    assertThat(console.millisLeft(valueKey("key"))).isEqualTo(-1);
  }

  @Test
  void put_thatIsOverSoon_keepsItsVersionForLateWriters() {
    Calls.end(calls.put("key", expiringIn(Duration.ofMillis(1), 7)));
    Calls.end(calls.put("over", expiringIn(Duration.ofMinutes(-5), 7)));
    time.advance(Duration.ofMillis(1));

    for (var key : List.of("key", "over")) {
      assertThat(console.millisLeft(valueKey(key))).isBetween(5_000L, 10_000L);
      assertThat(outcome(calls.read(key))).isInstanceOf(ReadOutcome.Absent.class);
      assertThat(writeOutcome(calls.put(key, value("late", 6))))
          .isEqualTo(new WriteOutcome.Rejected(7));
      assertThat(writeOutcome(calls.put(key, value("new", 8))))
          .isEqualTo(new WriteOutcome.Stored(8));
    }
  }

  @Test
  void put_beyondAnyTimeRedisTakes_isStored() {
    var farAway = new EncodedEntry(bytes("value"), 1, 0, 1, 0, 0, Long.MAX_VALUE);
    assertThat(writeOutcome(calls.put("key", farAway))).isEqualTo(new WriteOutcome.Stored(1));
    var never = new EncodedEntry(bytes("value"), 1, 0, 1, 0, 0, Long.MIN_VALUE);
    assertThat(writeOutcome(calls.put("past", never))).isEqualTo(new WriteOutcome.Stored(1));

    assertThat(outcome(calls.read("key"))).isInstanceOf(ReadOutcome.Found.class);
    assertThat(outcome(calls.read("past"))).isInstanceOf(ReadOutcome.Absent.class);
    var ifAbsent = new Mutation.Put("past", value("value", 2), Condition.IF_ABSENT);
    assertThat(writeOutcome(calls.write(List.of(ifAbsent)))).isEqualTo(new WriteOutcome.Stored(2));
  }

  @Test
  void forget_leavesAHeadThatIsOver_forTheRetention() {
    Calls.end(calls.put("key", value("value", 77)));
    Calls.end(calls.put("tombstone", EncodedEntry.tombstone(78, time.millis(), 0)));
    Calls.end(calls.put("unversioned", value("value", 0)));

    for (var key : List.of("key", "tombstone", "unversioned")) {
      Calls.end(calls.write(List.of(new Mutation.Forget(key, Duration.ZERO))));
      assertThat(outcome(calls.read(key)))
          .isEqualTo(ReadOutcome.Absent.unknown(Origin.source("eu")));
    }

    assertDeadHead("key", 77);
    assertDeadHead("tombstone", 78);
    assertThat(console.commands().exists(valueKey("unversioned"))).isZero();
    Calls.end(calls.write(List.of(new Mutation.Forget("key", Duration.ZERO))));
    assertDeadHead("key", 77);
    assertThat(leased("key").unreadable()).isNull();
  }

  private void assertDeadHead(String key, long version) {
    var head = console.commands().get(valueKey(key));
    assertThat(Envelope.decode(calls.keyspace(), key, head))
        .isEqualTo(new Envelope.Readable(EncodedEntry.tombstone(version, 0, 1)));
    assertThat(console.millisLeft(valueKey(key))).isBetween(5_000L, 10_000L);
  }

  @Test
  void forget_inAFullRedis_stillForgetsAndHoldsOff() {
    try (var small = RedisEngine.launch("--maxmemory-policy", "noeviction");
        var full = RedisBackend.connect(RedisOptions.of(small.uri()), time);
        var look = new RedisConsole(small.uri())) {
      var there = new Calls(full, calls.keyspace());
      Calls.end(there.put("key", value("value", 1)));
      look.commands().configSet("maxmemory", "1");

      for (var key : List.of("key", "nothing")) {
        var forget = new Mutation.Forget(key, Duration.ofMinutes(1));
        assertThat(writeOutcome(there.write(List.of(forget))))
            .isEqualTo(new WriteOutcome.Stored(0));
        assertThat(look.millisLeft(leaseKey(key))).isPositive();
      }
    }
  }

  @Test
  void mark_liesInRedisForItsRetention_alsoAfterAForget() {
    Calls.end(calls.put("key", value("value", 77)));
    mark("key", 78, Duration.ofMinutes(5));
    assertMark("key", 78);
    Calls.end(calls.write(List.of(new Mutation.Forget("key", Duration.ZERO))));
    assertMark("key", 78);
    mark("key", 70, Duration.ofSeconds(1));
    assertMark("key", 78);

    Calls.end(calls.put("key", value("value", 78)));
    assertThat(console.millisLeft(valueKey("key"))).isEqualTo(-1);
  }

  @Test
  void mark_ofAVersionBelowTheDeadHeads_isOfThatVersion() {
    Calls.end(calls.put("key", value("value", 77)));
    Calls.end(calls.write(List.of(new Mutation.Forget("key", Duration.ZERO))));
    mark("key", 70, Duration.ofMinutes(5));

    assertMark("key", 77);
  }

  @Test
  void mark_foreverLong_isTaken() {
    mark("key", 7, Duration.ofSeconds(Long.MAX_VALUE));

    assertThat(console.millisLeft(valueKey("key")))
        .isGreaterThan(Duration.ofDays(30_000).toMillis());
  }

  @Test
  void mark_overWhatIsNoEnvelope_replacesIt() {
    console.commands().rpush(valueKey("list"), bytes("x"));
    console.commands().set(valueKey("text"), bytes("x"));
    for (var key : List.of("list", "text")) {
      mark(key, 7, Duration.ofMinutes(5));
      assertMark(key, 7);
    }
  }

  @Test
  void mark_inAFullRedis_stillDropsTheCopyAndIsKept() {
    try (var small = RedisEngine.launch("--maxmemory-policy", "noeviction");
        var full = RedisBackend.connect(RedisOptions.of(small.uri()), time);
        var look = new RedisConsole(small.uri())) {
      var there = new Calls(full, calls.keyspace());
      Calls.end(there.put("key", value("value", 1)));
      look.commands().configSet("maxmemory", "1");

      for (var key : List.of("key", "nothing")) {
        var mark = new Mutation.Mark(key, 7, Duration.ofMinutes(1));
        assertThat(writeOutcome(there.write(List.of(mark)))).isEqualTo(new WriteOutcome.Stored(7));
        assertThat(((ReadOutcome.Absent) outcome(there.read(key))).mark()).isEqualTo(7);
      }
    }
  }

  private void mark(String key, long version, Duration retention) {
    assertThat(writeOutcome(calls.write(List.of(new Mutation.Mark(key, version, retention)))))
        .isInstanceOf(WriteOutcome.Stored.class);
  }

  private void assertMark(String key, long version) {
    var head = console.commands().get(valueKey(key));
    assertThat(Envelope.decode(calls.keyspace(), key, head))
        .isEqualTo(new Envelope.Readable(Envelope.mark(version)));
    assertThat(console.millisLeft(valueKey(key))).isBetween(200_000L, 300_000L);
    assertThat(((ReadOutcome.Absent) outcome(calls.read(key))).mark()).isEqualTo(version);
  }

  @Test
  void forget_foreverLong_isTaken() {
    var forget = new Mutation.Forget("key", Duration.ofSeconds(Long.MAX_VALUE));
    assertThat(writeOutcome(calls.write(List.of(forget)))).isEqualTo(new WriteOutcome.Stored(0));

    assertThat(leased("key").lease()).isEqualTo(Lease.NONE);
    assertThat(console.millisLeft(leaseKey("key")))
        .isGreaterThan(Duration.ofDays(30_000).toMillis());
  }

  @Test
  void holdOff_keepsItsTime_whateverFollows() {
    Calls.end(calls.write(List.of(new Mutation.Forget("key", Duration.ofMinutes(5)))));

    Calls.end(calls.write(List.of(new Mutation.Forget("key", Duration.ofSeconds(1)))));
    Calls.end(calls.write(List.of(new Mutation.Forget("key", Duration.ZERO))));
    Calls.end(calls.put("key", value("value", 1)));
    leased("key2");
    Calls.end(calls.readLeasing(List.of("key")));

    assertThat(console.millisLeft(leaseKey("key"))).isBetween(200_000L, 300_000L);
  }

  @Test
  void expiry_isTheReadersClocks_alsoForTheLease() {
    Calls.end(calls.put("key", expiringIn(Duration.ofMinutes(5), 1)));
    assertThat(Calls.end(calls.readLeasing(List.of("key"))).outcomes().get(0))
        .isInstanceOf(ReadOutcome.Found.class);

    time.advance(Duration.ofMinutes(5));

    assertThat(leased("key").lease().granted()).isTrue();
  }

  @Test
  void leaseKey_ofAnotherKind_isReplaced() {
    console.commands().rpush(leaseKey("list"), bytes("x"));
    console.commands().set(leaseKey("for ever"), bytes("x"));
    console.commands().rpush(leaseKey("put"), bytes("x"));
    console.commands().rpush(leaseKey("forget"), bytes("x"));

    assertThat(leased("list").lease().granted()).isTrue();
    assertThat(leased("for ever").lease().granted()).isTrue();
    assertThat(writeOutcome(calls.put("put", value("value", 1))))
        .isEqualTo(new WriteOutcome.Stored(1));
    Calls.end(calls.write(List.of(new Mutation.Forget("forget", Duration.ofMinutes(1)))));
    assertThat(leased("forget").lease().granted()).isFalse();
    assertThat(console.commands().exists(leaseKey("put"))).isZero();
  }

  private ReadOutcome.Absent leased(String key) {
    return (ReadOutcome.Absent) outcome(calls.readLeasing(List.of(key)));
  }

  private EncodedEntry expiringIn(Duration left, long version) {
    return new EncodedEntry(bytes("value"), 1, 0, version, 0, 0, time.millis() + left.toMillis());
  }

  private byte[] valueKey(String key) {
    return KeyNames.value(calls.keyspace(), key);
  }

  private byte[] leaseKey(String key) {
    return KeyNames.lease(calls.keyspace(), key);
  }
}
