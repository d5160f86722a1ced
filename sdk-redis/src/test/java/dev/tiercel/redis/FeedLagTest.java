package dev.tiercel.redis;

import static dev.tiercel.redis.Calls.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.error.Where;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.FeedProbe;
import dev.tiercel.testing.FeedProbe.Kind;
import dev.tiercel.testing.FeedProbe.Told;
import io.lettuce.core.RedisCommandExecutionException;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A feed that lags, is flooded, or whose connector fails: what no real Redis does on demand. */
class FeedLagTest {

  private static final FeedOptions OPTIONS = FeedOptions.defaults();
  /** The clock of the backend stands still, so it would try to connect once only. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final String KEYSPACE = "lag";

  private final FakeTime time = new FakeTime();
  private final FakeRedis redis = new FakeRedis(command -> "-ERR unknown command\r\n");
  private final RedisBackend backend =
      RedisBackend.connect(RedisOptions.of(redis.uri()).connectTimeout(PATIENCE), time);
  private final AtomicInteger attempts = new AtomicInteger();

  @AfterEach
  void close() throws IOException {
    backend.close();
    redis.close();
  }

  @Test
  void pushesTrickleButNoPong_interruptedWithinHeartbeatAndSilence() {
    try (var feed = follow()) {
      time.advance(OPTIONS.heartbeat().minusNanos(1));
      handled(feed);
      redis.hush();
      // The heartbeat that is due now is the first without an answer.
      time.advance(Duration.ofNanos(1));
      for (var step = 1; step < 10; step++) {
        time.advance(OPTIONS.silence().dividedBy(10));
        handled(feed);
      }
      time.advance(OPTIONS.silence().dividedBy(10).minusNanos(1));
      handled(feed);

      time.advance(Duration.ofNanos(1));

      assertThat(feed.until(Told.of(Kind.INTERRUPTED))).isEmpty();
    }
  }

  @Test
  void pongsCome_howeverLongNothingElseDoes_staysConnected() {
    try (var feed = follow()) {
      for (var step = 0; step < 20; step++) {
        time.advance(OPTIONS.heartbeat());
        handled(feed);
      }
      assertThat(feed.told()).isEmpty();
    }
  }

  @Test
  void moreThanIsRead_interrupts_andConnectsAnew() {
    try (var feed = follow()) {
      redis.push(invalidation(100_001));

      assertThat(feed.until(Told.of(Kind.INTERRUPTED))).isEmpty();
      await("the next connection", () -> {
        time.advance(Duration.ofMillis(100));
        return feed.told().contains(Told.of(Kind.CONNECTED));
      });
    }
  }

  @Test
  void connectorThrows_isTriedAgain() {
    var feed = feed(() -> {
      throw new IllegalStateException("no connection");
    });
    try (var follower = FeedProbe.follow(feed, KEYSPACE, time)) {
      for (var attempt = 1; attempt <= 5; attempt++) {
        assertThat(attempts).hasValue(attempt);
        time.advance(Duration.ofMillis(500));
        assertThat(attempts).hasValueGreaterThan(attempt);
        attempts.set(attempt + 1);
      }
      assertThat(follower.told()).isEmpty();
    }
  }

  @Test
  void refused_newFollowersWaitToo() {
    var refusal = new RedisCommandExecutionException("WRONGPASS who are you");
    var feed = feed(() -> CompletableFuture.failedFuture(refusal));
    try (var first = FeedProbe.follow(feed, KEYSPACE, time);
        var second = FeedProbe.follow(feed, KEYSPACE + "-b", time)) {
      assertThat(attempts).hasValue(1);

      time.advance(Duration.ofSeconds(10));

      assertThat(attempts).hasValueGreaterThan(1);
      assertThat(first.told()).isEmpty();
      assertThat(second.told()).isEmpty();
    }
  }

  private FeedProbe follow() {
    var feed = FeedProbe.follow(backend.feed().orElseThrow(), KEYSPACE, time);
    feed.awaitConnected();
    return feed;
  }

  /** Waits until the feed has come to all that was sent before: it is told in order. */
  private void handled(FeedProbe feed) {
    redis.push(invalidation(1));
    assertThat(feed.until(Told.changed("0"))).isEmpty();
  }

  private static String invalidation(int names) {
    var push = new StringBuilder(">2\r\n+invalidate\r\n*" + names + "\r\n");
    for (var i = 0; i < names; i++) {
      var name = "{" + KEYSPACE + ":" + i + "}";
      push.append('$').append(name.length()).append("\r\n").append(name).append("\r\n");
    }
    return push.toString();
  }

  /** A feed on this thread. */
  private RedisFeed feed(Supplier<CompletableFuture<LettuceLink>> connector) {
    return new RedisFeed(
        OPTIONS,
        () -> {
          attempts.incrementAndGet();
          return connector.get();
        },
        Runnable::run,
        new Failures(Where.at("redis", "")),
        time,
        new Random(7));
  }
}
