package dev.tiercel.redis;

import static dev.tiercel.redis.Calls.await;
import static dev.tiercel.redis.Calls.value;
import static dev.tiercel.redis.RedisConsole.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Mutation;
import dev.tiercel.error.Unavailable;
import dev.tiercel.testing.FeedProbe;
import dev.tiercel.testing.FeedProbe.Told;
import dev.tiercel.testing.engine.RedisEngine;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a real Redis tells. */
class RedisFeedTest extends FeedTrial {

  private static final Duration LEASE = Duration.ofMinutes(1);

  RedisFeedTest(RedisEngine redis) {
    super(redis);
  }

  @ParameterizedTest
  @EnumSource(names = {"TRACKING", "PUBLISH"})
  void changes_areTold_eachKind(FeedOptions.Mode mode) {
    var calls = open(mode);
    try (var feed = follow(calls)) {
      assertStored(calls, new Mutation.Put("put", value("value", 1), Condition.IF_NEWER));
      feed.awaitChanged("put");
      var token = lease(calls, "filled");
      assertStored(
          calls, new Mutation.Fill("filled", value("value", 1), new Condition.IfLease(token)));
      feed.awaitChanged("filled");
      assertStored(
          calls, new Mutation.Put("put", EncodedEntry.tombstone(2, 0, 0), Condition.ALWAYS));
      feed.awaitChanged("put");
      assertStored(calls, new Mutation.Forget("filled", Duration.ZERO));
      feed.awaitChanged("filled");
      assertStored(calls, new Mutation.Forget("filled", Duration.ZERO));
      feed.awaitChanged("filled");
      assertStored(calls, new Mutation.Forget("nothing", LEASE));
      feed.awaitChanged("nothing");
      lease(calls, "leased");
      assertStored(calls, new Mutation.Forget("leased", Duration.ZERO, 5));
      feed.awaitChanged("leased");
      assertStored(calls, new Mutation.Mark("put", 3, LEASE));
      feed.awaitChanged("put");
      assertStored(calls, new Mutation.Forget("put", Duration.ZERO));
      feed.awaitChanged("put");
      assertStored(calls, new Mutation.Mark("unheard of", 3, LEASE));
      feed.awaitChanged("unheard of");
      assertStored(calls, new Mutation.Barrier("group"));
      feed.awaitGroupsChanged();
      assertStored(calls, new Mutation.Barrier(Barriers.ALL));
      feed.awaitGroupsChanged();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TRACKING", "PUBLISH"})
  void release_isToldAsSuch_andChangesNothing(FeedOptions.Mode mode) {
    var calls = open(mode);
    var soonOver = new EncodedEntry(bytes("v"), 1, 0, 1, 1, 0, time.millis() + 60_000);
    assertStored(calls, new Mutation.Put("expiring", soonOver, Condition.ALWAYS));
    assertThat(console.commands().rpush(KeyNames.value(keyspace, "list"), bytes("x")))
        .isOne();
    var listener = new Listener();
    try (var subscription = calls.backend().feed().orElseThrow().follow(keyspace, listener)) {
      assertThat(subscription).isNotNull();
      await("the feed", () -> listener.log.contains("connected"));
      for (var key : List.of("nothing", "expiring", "list", "a:b}")) {
        listener.log.clear();
        // A lease as a reader that wants a newer version would have it.
        console.commands().set(KeyNames.lease(keyspace, key), Invocation.number(7));
        assertStored(calls, new Mutation.Release(key, new Condition.IfLease(7)));
        assertStored(calls, new Mutation.Put("end", value("value", 1), Condition.ALWAYS));
        await("the end", () -> listener.log.contains("changed end"));
        assertThat(listener.log).containsExactly("released " + key, "changed end");
        assertThat(console.commands().exists(KeyNames.lease(keyspace, key))).isZero();
        assertThat(console.commands().exists(KeyNames.wake(keyspace, key))).isZero();
      }
    }
    assertThat(console.millisLeft(KeyNames.value(keyspace, "expiring"))).isPositive();
    assertThat(console.commands().llen(KeyNames.value(keyspace, "list"))).isOne();
  }

  @Test
  void changesByOthers_areTold_expiryToo() {
    var calls = open(FeedOptions.Mode.TRACKING);
    try (var feed = follow(calls)) {
      console.commands().set(KeyNames.value(keyspace, "foreign"), bytes("anything"));
      feed.awaitChanged("foreign");
      console.commands().pexpire(KeyNames.value(keyspace, "foreign"), 1);
      feed.awaitChanged("foreign");
      await(
          "the end of the key",
          () -> console.commands().get(KeyNames.value(keyspace, "foreign")) == null);
      feed.awaitChanged("foreign");
    }
  }

  @Test
  void whatIsNotChanged_isNotTold() {
    var calls = open(FeedOptions.Mode.TRACKING);
    assertStored(calls, new Mutation.Put("key", value("value", 5), Condition.ALWAYS));
    assertStored(calls, new Mutation.Put("forgotten", value("value", 4), Condition.ALWAYS));
    assertStored(calls, new Mutation.Forget("forgotten", Duration.ZERO));
    assertStored(calls, new Mutation.Mark("marked", 5, LEASE));
    try (var feed = follow(calls)) {
      assertStored(calls, new Mutation.Forget("forgotten", LEASE, 5));
      lease(calls, "leased");
      assertStored(calls, new Mutation.Forget("key", LEASE, 5));
      Calls.end(calls.put("key", value("old", 4)));
      Calls.end(calls.read("key"));
      assertStored(calls, new Mutation.Forget("nothing", LEASE, 5));
      assertStored(calls, new Mutation.Forget("marked", Duration.ZERO, 6));
      assertStored(calls, new Mutation.Mark("marked", 5, LEASE.dividedBy(2)));
      assertStored(calls, new Mutation.Mark("key", 5, LEASE));

      assertStored(calls, new Mutation.Put("end", value("value", 1), Condition.ALWAYS));
      assertThat(feed.until(Told.changed("end"))).isEmpty();
    }
  }

  @Test
  void keyspaces_shareOneConnection_andFollowersComeAndGo() {
    var calls = open(FeedOptions.Mode.TRACKING);
    var other = new Calls(calls.backend(), keyspace + "-b");
    var first = follow(calls);
    // Both connections are there, then.
    assertStored(calls, new Mutation.Put("before", value("value", 1), Condition.ALWAYS));
    first.awaitChanged("before");
    var accepted = console.connectionsAccepted();
    try (var second = follow(other);
        var third = follow(calls)) {
      assertStored(other, new Mutation.Put("key", value("value", 1), Condition.ALWAYS));
      second.awaitChanged("key");
      first.close();
      assertStored(calls, new Mutation.Put("key", value("value", 1), Condition.ALWAYS));
      assertThat(third.until(Told.changed("key"))).isEmpty();
      assertThat(first.told()).isEmpty();
      assertThat(second.told()).isEmpty();
      try (var again = follow(calls)) {
        assertStored(calls, new Mutation.Barrier("group"));
        again.awaitGroupsChanged();
      }
      assertThat(console.connectionsAccepted()).isEqualTo(accepted);
    }
    await("the end of the connection", () -> feeds() == 0);
    try (var anew = follow(calls)) {
      assertStored(calls, new Mutation.Put("key", value("value", 2), Condition.ALWAYS));
      anew.awaitChanged("key");
    }
  }

  @Test
  void close_followerHearsNothingMore_andTheConnectionEnds() {
    var calls = open(FeedOptions.Mode.TRACKING);
    var feed = follow(calls);
    assertThat(feeds()).isOne();

    calls.backend().close();

    console.commands().set(KeyNames.value(keyspace, "key"), bytes("x"));
    await("the end of the connection", () -> feeds() == 0);
    assertThat(feed.told()).isEmpty();
    assertThat(FeedProbe.failure(feed.sendHeads("key"))).isInstanceOf(Unavailable.class);
    assertThat(calls.backend().feed().orElseThrow().follow(keyspace, new Deaf()))
        .isNotNull();
    assertThat(feeds()).isZero();
  }

  @Test
  void none_hasNoFeed_andPublishesNothing() {
    var calls = open(FeedOptions.Mode.NONE);
    Calls.end(calls.put("key", value("value", 1)));

    assertThat(calls.backend().feed()).isEmpty();
    assertThat(console.calls("publish")).isZero();
  }
}
