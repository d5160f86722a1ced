package dev.tiercel.redis;

import static dev.tiercel.redis.Calls.await;
import static dev.tiercel.redis.Calls.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Condition;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.error.Unavailable;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.FeedProbe;
import dev.tiercel.testing.FeedProbe.Kind;
import dev.tiercel.testing.FeedProbe.Told;
import dev.tiercel.testing.engine.RedisEngine;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.KillArgs;
import io.lettuce.core.protocol.CommandType;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is told when Redis dies, freezes, forgets and refuses. */
class RedisFeedLossTest extends FeedTrial {

  RedisFeedLossTest(RedisEngine redis) {
    super(redis);
  }

  @Test
  void flush_interrupts_andConnectsAgain() {
    var calls = open(FeedOptions.Mode.TRACKING);
    try (var feed = follow(calls)) {
      console.commands().flushall();

      feed.awaitInterrupted();
      feed.awaitConnected();
      assertStored(calls, new Mutation.Put("key", value("value", 1), Condition.ALWAYS));
      feed.awaitChanged("key");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TRACKING", "PUBLISH"})
  void connectionKilled_interrupts_andConnectsAgain(FeedOptions.Mode mode) {
    var calls = open(mode);
    try (var feed = follow(calls)) {
      for (var round = 1; round <= 3; round++) {
        console.commands().clientKill(KillArgs.Builder.id(feedId()));

        feed.awaitInterrupted();
        feed.awaitConnected();
        assertStored(calls, new Mutation.Put("key", value("value", round), Condition.ALWAYS));
        feed.awaitChanged("key");
      }
    }
  }

  @Test
  void restart_interrupts_andConnectsAgainByItself() {
    var calls = open(FeedOptions.Mode.TRACKING);
    try (var feed = follow(calls)) {
      redis.kill();
      feed.awaitInterrupted();
      assertThat(FeedProbe.failure(feed.sendHeads("key"))).isInstanceOf(Unavailable.class);

      redis.start();
      feed.awaitConnected();
      await(
          "a put",
          () -> Calls.end(calls.put("key", value("value", 1))).outcomes().get(0)
              instanceof WriteOutcome.Stored);
      feed.awaitChanged("key");
    }
  }

  @Test
  void silence_interrupts_andConnectsAgainWhenItIsOver() {
    var calls = open(FeedOptions.Mode.TRACKING);
    try (var feed = follow(calls)) {
      redis.pause();
      var heads = feed.sendHeads("key");
      feed.awaitInterrupted();
      assertThat(FeedProbe.failure(heads)).isInstanceOf(Unavailable.class);

      redis.resume();
      feed.awaitConnected();
      assertThat(feed.heads("key")).containsExactly(Optional.empty());
    }
  }

  @Test
  void connectedWhileDown_isToldOnceRedisIsThere() {
    redis.kill();
    var calls = open(FeedOptions.Mode.TRACKING);
    try (var feed = FeedProbe.follow(calls.backend().feed().orElseThrow(), keyspace, time)) {
      assertThat(FeedProbe.failure(feed.sendHeads("key"))).isInstanceOf(Unavailable.class);

      redis.start();

      assertThat(feed.until(Told.of(Kind.CONNECTED))).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TRACKING", "PUBLISH"})
  void refused_staysUnconnected_untilItIsAllowed(FeedOptions.Mode mode) {
    var user = AclSetuserArgs.Builder.on()
        .addPassword("s3cret")
        .allKeys()
        .allChannels()
        .allCommands();
    console
        .commands()
        .aclSetuser(
            "follower",
            user.removeCommand(CommandType.CLIENT).removeCommand(CommandType.SUBSCRIBE));
    var uri = URI.create("redis://follower:s3cret@" + redis.host() + ":" + redis.port());
    var fake = new FakeTime();
    var feeds = FeedOptions.defaults().mode(mode);
    var backend = RedisBackend.connect(RedisOptions.of(uri).feed(feeds), fake);
    opened.add(backend);
    var calls = new Calls(backend, keyspace);
    console.resetCounts();
    try (var feed = FeedProbe.follow(backend.feed().orElseThrow(), keyspace, time)) {
      await("a refusal", () -> refusals() > 0);
      assertThat(FeedProbe.failure(feed.sendHeads("key"))).isInstanceOf(Unavailable.class);
      assertThat(feed.told()).isEmpty();

      console.commands().aclSetuser("follower", AclSetuserArgs.Builder.allCommands());
      await("the feed", () -> {
        fake.advance(Duration.ofMillis(200));
        return feed.told().contains(Told.of(Kind.CONNECTED));
      });
      assertStored(calls, new Mutation.Put("key", value("value", 1), Condition.ALWAYS));
      feed.awaitChanged("key");
    }
  }

  /** How many commands Redis has refused because the user may not run them. */
  private long refusals() {
    return Pattern.compile("errorstat_NOPERM:count=(\\d+)")
        .matcher(console.commands().info("errorstats"))
        .results()
        .mapToLong(match -> Long.parseLong(match.group(1)))
        .sum();
  }

  private long feedId() {
    var feed = clients().stream().filter(FeedTrial::isFeed).findFirst().orElseThrow();
    var id = Pattern.compile("id=(\\d+)").matcher(feed);
    assertThat(id.find()).isTrue();
    return Long.parseLong(id.group(1));
  }
}
