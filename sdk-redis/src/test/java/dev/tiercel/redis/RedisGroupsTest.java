package dev.tiercel.redis;

import static dev.tiercel.redis.Calls.value;
import static dev.tiercel.redis.RedisConsole.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.RedisExtension;
import dev.tiercel.testing.UniqueName;
import dev.tiercel.testing.engine.RedisEngine;
import dev.tiercel.time.Deadline;
import io.lettuce.core.Range;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How barriers lie in Redis, and what is made of their loss. */
class RedisGroupsTest {

  @RegisterExtension
  static final RedisExtension OWN = RedisExtension.own();

  private final String keyspace = UniqueName.of("groups");
  private final byte[] clock = KeyNames.clock(keyspace);
  private final byte[] groups = KeyNames.groups(keyspace);
  private final RedisConsole console;
  private final RedisBackend backend;
  private final Calls calls;

  RedisGroupsTest(RedisEngine redis) {
    console = new RedisConsole(redis.uri());
    backend =
        RedisBackend.connect(RedisOptions.of(redis.uri()).barrierRetention(Duration.ofHours(1)));
    calls = new Calls(backend, keyspace);
  }

  @AfterEach
  void close() {
    backend.close();
    console.close();
  }

  @Test
  void barrier_isTheTimeOfRedisInMicroseconds() {
    var now = Instant.now().toEpochMilli() * 1000;
    var raised = raise("group");

    assertThat(raised).isBetween(now - 60_000_000, now + 60_000_000);
    assertThat(BarrierReply.clock(console.commands().get(clock))).isEqualTo(raised);
    assertThat(console.commands().zscore(groups, bytes("group"))).isEqualTo((double) raised);
  }

  @Test
  void barrier_clockAheadOfTime_goesOnFromThere() {
    for (var last : List.of(1L << 52, (1L << 53) - 10)) {
      console.commands().set(clock, Invocation.number(last));
      assertThat(raise("group")).isEqualTo(last + 1);
      assertThat(raise("other")).isEqualTo(last + 2);
      assertThat(news(0).byGroup()).containsOnlyKeys("group", "other");
    }
  }

  @Test
  void barrier_keysOfAnotherKind_areReplaced() {
    console.commands().rpush(clock, bytes("x"));
    console.commands().set(groups, bytes("x"));

    var raised = raise("group");

    assertThat(news(0)).isEqualTo(Barriers.of("group", raised));
  }

  @Test
  void barriers_areForgottenAfterTheirRetention() {
    var old = raise("old");
    console
        .commands()
        .zadd(groups, (double) (old - Duration.ofHours(1).toNanos() / 1000 - 1), bytes("old"));
    console.commands().zadd(groups, (double) (old - 1_000_000), bytes("young"));

    raise("new");

    assertThat(console.commands().zrange(groups, 0, -1))
        .containsExactly(bytes("young"), bytes("new"));
    assertThat(console.millisLeft(clock)).isBetween(3_000_000L, 3_600_000L);
    assertThat(console.millisLeft(groups)).isBetween(3_000_000L, 3_600_000L);
  }

  @Test
  void barriers_lost_theLastCountsForTheWholeKeyspace() {
    raise("one");
    var last = raise("other");
    console.commands().del(groups);

    assertThat(news(0)).isEqualTo(Barriers.of(Barriers.ALL, last));
    assertThat(news(last)).isEqualTo(Barriers.NONE);
  }

  @Test
  void clock_lost_saysNothingNew() {
    var last = raise("group");
    console.commands().del(clock);

    assertThat(news(last - 1)).isEqualTo(Barriers.NONE);
    assertThat(raise("group")).isGreaterThan(last);
  }

  @Test
  void read_roundsToRedis_onlyAsManyAsNeeded() {
    var last = raise("group");
    Calls.end(calls.put("key", value("value", 1)));
    news(0);
    console.resetCounts();

    assertThat(news(last)).isEqualTo(Barriers.NONE);
    assertThat(console.calls("mget")).isEqualTo(1);
    assertThat(console.calls("evalsha")).isZero();

    assertThat(news(last - 1)).isEqualTo(Barriers.of("group", last));
    assertThat(console.calls("mget")).isEqualTo(2);
    assertThat(console.calls("evalsha")).isEqualTo(1);
  }

  @Test
  void barrier_costsTheSame_howeverManyGroupsThereAre() {
    for (var i = 0; i < 200; i++) {
      raise("group" + i);
    }
    console.resetCounts();

    raise("group7");

    assertThat(console.calls("zadd")).isEqualTo(1);
    assertThat(console.commands().zcount(groups, Range.unbounded())).isEqualTo(200);
  }

  @Test
  void barriers_tooMany_theOldestBecomeTheWholeKeyspaces() {
    var first = raise("first");
    for (var i = 1; i < 10_000; i++) {
      console.commands().zadd(groups, (double) (first + i), bytes("group" + i));
    }
    assertThat(console.commands().zcard(groups)).isEqualTo(10_000);

    var last = raise("one more");

    var known = news(0);
    assertThat(known.byGroup()).hasSize(10_000).doesNotContainKeys("first", "group1");
    assertThat(known.of(Barriers.ALL)).isEqualTo(first + 1);
    assertThat(known.of("group2")).isEqualTo(first + 2);
    assertThat(known.of("one more")).isEqualTo(last);

    raise("and more");

    assertThat(console.commands().zcard(groups)).isEqualTo(10_000);
    assertThat(news(0).of(Barriers.ALL)).isEqualTo(first + 2);
    assertThat(news(last).byGroup()).containsOnlyKeys("and more");
  }

  @Test
  void barriers_tooMany_aLaterOneOfTheWholeKeyspaceStays() {
    var first = raise("first");
    for (var i = 1; i < 10_000; i++) {
      console.commands().zadd(groups, (double) (first + i), bytes("group" + i));
    }
    var all = raise(Barriers.ALL);

    raise("one more");

    assertThat(news(0).of(Barriers.ALL)).isEqualTo(all);
    assertThat(console.commands().zcard(groups)).isEqualTo(10_000);
  }

  private long raise(String group) {
    var outcome = Calls.writeOutcome(calls.write(List.of(new Mutation.Barrier(group))));
    return ((WriteOutcome.Stored) outcome).version();
  }

  /** What a reader is told that knows every barrier up to one. */
  private Barriers news(long seen) {
    var known = new Barriers(seen, Map.of());
    var request = ReadRequest.of(keyspace, List.of("key")).withBarriers(known);
    var context = CallContext.of(Deadline.after(Duration.ofHours(1), new FakeTime()));
    return Calls.end(backend.read(request, context)).barriers();
  }
}
