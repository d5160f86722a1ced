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
import dev.tiercel.testing.engine.Waiting;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.KillArgs;
import io.lettuce.core.protocol.CommandType;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
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

  @Test
  void feedsThreadHeldUp_connectionEndsAtOnce_andInterruptedIsHeardFirst() throws Exception {
    var calls = open(FeedOptions.Mode.TRACKING);
    var release = new CountDownLatch(1);
    var slow = new Listener() {
      @Override
      public void changed(String key) {
        super.changed(key);
        if (key.equals("block")) {
          Waiting.until(() -> release.getCount() == 0, Duration.ofSeconds(20));
        }
      }
    };
    try (var subscription = calls.backend().feed().orElseThrow().follow(keyspace, slow)) {
      assertThat(subscription).isNotNull();
      await("the feed", () -> slow.log.contains("connected"));
      assertStored(calls, new Mutation.Put("block", value("value", 1), Condition.ALWAYS));
      await("the follower", () -> slow.log.contains("changed block"));
      assertStored(calls, new Mutation.Put("late", value("value", 1), Condition.ALWAYS));

      await("the end of the connection", () -> feeds() == 0);
      release.countDown();

      await("the next connection", () -> slow.log.size() >= 4);
      assertThat(slow.log)
          .startsWith("connected", "changed block", "interrupted", "connected")
          .doesNotContain("changed late");
    }
  }

  @Test
  void oneKeyspaceRefused_othersAreNotInterruptedAgain_andItIsTriedByItself() {
    console.commands().aclSetuser("half", half().channelPattern("feed:{" + keyspace + ":}"));
    var uri = URI.create("redis://half:s3cret@" + redis.host() + ":" + redis.port());
    var fake = new FakeTime();
    var feeds = FeedOptions.defaults().mode(FeedOptions.Mode.PUBLISH);
    var backend = RedisBackend.connect(RedisOptions.of(uri).feed(feeds), fake);
    opened.add(backend);
    var feed = backend.feed().orElseThrow();
    var other = keyspace + "-refused";
    try (var allowed = FeedProbe.follow(feed, keyspace, time)) {
      allowed.awaitConnected();
      try (var refused = FeedProbe.follow(feed, other, time)) {
        allowed.awaitInterrupted();
        await("the feed", () -> {
          fake.advance(Duration.ofMillis(200));
          return allowed.told().contains(Told.of(Kind.CONNECTED));
        });
        var before = refusals();
        await("another refusal", () -> {
          pass(fake, allowed);
          return refusals() > before;
        });
        assertThat(allowed.told()).isEmpty();
        assertThat(refused.told()).isEmpty();

        console.commands().aclSetuser("half", half().channelPattern("feed:*"));
        await("the other keyspace", () -> {
          pass(fake, allowed);
          return refused.told().contains(Told.of(Kind.CONNECTED));
        });
        assertThat(allowed.told()).isEmpty();
      }
    }
  }

  private static AclSetuserArgs half() {
    return AclSetuserArgs.Builder.on()
        .addPassword("s3cret")
        .allKeys()
        .allCommands()
        .resetChannels();
  }

  /** Lets some time pass, and the feed come to what it has been asked before. */
  private static void pass(FakeTime fake, FeedProbe feed) {
    fake.advance(Duration.ofMillis(200));
    assertThat(feed.heads("key")).hasSize(1);
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
