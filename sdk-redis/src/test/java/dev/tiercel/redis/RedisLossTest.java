package dev.tiercel.redis;

import static dev.tiercel.redis.Calls.await;
import static dev.tiercel.redis.Calls.failure;
import static dev.tiercel.redis.Calls.value;
import static dev.tiercel.redis.Calls.writeFailure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Condition;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Unavailable;
import dev.tiercel.testing.FakeTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What calls are told when the connection is lost at exactly their command, or Redis answers with
 * an error.
 */
class RedisLossTest {

  private static final String NOTHING = "*2\r\n$-1\r\n$-1\r\n";
  private static final String STORED = "*1\r\n$6\r\nstored\r\n";

  private final Map<String, String> replies = new ConcurrentHashMap<>();
  private final FakeRedis redis =
      new FakeRedis(name -> replies.getOrDefault(name, "-ERR unknown command\r\n"));
  private final FakeTime time = new FakeTime();
  private final RedisBackend backend = RedisBackend.connect(RedisOptions.of(redis.uri()), time);
  private final Calls calls = new Calls(backend, "loss");

  @AfterEach
  void close() throws IOException {
    backend.close();
    redis.close();
  }

  @Test
  void read_connectionLostAtIt_isUnavailable() {
    replies.put("MGET", FakeRedis.HANG_UP);

    assertThat(failure(calls.read("key")))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("lost");
  }

  @Test
  void write_connectionLostAtIt_outcomeIsUnknownAndNothingIsSentAgain() {
    replies.put("EVALSHA", FakeRedis.HANG_UP);
    assertThat(writeFailure(calls.put("key", value("value", 1))))
        .isInstanceOf(OutcomeUnknown.class);

    replies.put("MGET", NOTHING);
    reconnected();

    assertThat(redis.received()).containsOnlyOnce("EVALSHA").doesNotContain("EVAL");
  }

  @Test
  void write_connectionLostBeforeIt_isUnavailableOrUnknownButNeverSentTwice() {
    replies.put("MGET", FakeRedis.HANG_UP);
    var read = calls.read("key");
    var write = calls.put("key", value("value", 1));

    assertThat(failure(read)).isInstanceOf(Unavailable.class);
    assertThat(writeFailure(write)).isInstanceOfAny(Unavailable.class, OutcomeUnknown.class);
    assertThat(redis.received()).doesNotContain("EVALSHA");
  }

  @Test
  void write_withoutAConnection_isUnavailable() {
    replies.put("MGET", FakeRedis.HANG_UP);
    assertThat(failure(calls.read("key"))).isInstanceOf(Unavailable.class);

    // The link did not last, so the next attempt waits, and time stands still. The loss itself may
    // take a moment to be seen.
    await(
        "a refusal",
        () -> failure(calls.read("key")).getMessage().contains("connection: lost (expected"));
    assertThat(writeFailure(calls.put("key", value("value", 1)))).isInstanceOf(Unavailable.class);
    assertThat(redis.received()).doesNotContain("EVALSHA");
  }

  @Test
  void lease_connectionLostAtIt_theMissingKeyFails() {
    replies.put("MGET", NOTHING);
    replies.put("EVALSHA", FakeRedis.HANG_UP);

    assertThat(failure(calls.readLeasing(List.of("key")))).isInstanceOf(Unavailable.class);
  }

  @Test
  void scriptUnknown_thenConnectionLost_outcomeIsUnknownAndItIsSentInFullOnce() {
    replies.put("EVALSHA", "-NOSCRIPT No matching script. Please use EVAL.\r\n");
    replies.put("EVAL", FakeRedis.HANG_UP);

    assertThat(writeFailure(calls.put("key", value("value", 1))))
        .isInstanceOf(OutcomeUnknown.class);

    assertThat(redis.received()).containsExactly("EVALSHA", "EVAL");
  }

  @Test
  void scriptUnknown_alsoInFull_isNotTriedForEver() {
    replies.put("EVALSHA", "-NOSCRIPT No matching script. Please use EVAL.\r\n");
    replies.put("EVAL", "-NOSCRIPT No matching script. Please use EVAL.\r\n");

    assertThat(writeFailure(calls.put("key", value("value", 1)))).isInstanceOf(Unavailable.class);

    assertThat(redis.received()).containsExactly("EVALSHA", "EVAL");
  }

  @Test
  void cancelled_thenScriptTurnsOutUnknown_itIsNotSentInFull() {
    var cancelled = new CountDownLatch(1);
    try (var other = fake(name -> name.equals("MGET") ? NOTHING : unknownScriptAfter(cancelled))) {
      var write = other.calls.put("key", value("value", 1));
      await("the script", () -> other.redis.received().contains("EVALSHA"));
      write.cancel(true);
      cancelled.countDown();

      // Redis answers in order: when it has answered this, it has answered that.
      assertThat(Calls.outcome(other.calls.read("key"))).isInstanceOf(ReadOutcome.Absent.class);
      assertThat(other.redis.received()).containsExactly("EVALSHA", "MGET");
    }
  }

  private static String unknownScriptAfter(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS)
          ? "-NOSCRIPT No matching script.\r\n"
          : FakeRedis.HANG_UP;
    } catch (InterruptedException interrupted) {
      return FakeRedis.HANG_UP;
    }
  }

  @Test
  void errorOfOneMutation_failsThatOneOnly() {
    var first = new AtomicBoolean(true);
    try (var other =
        fake(name -> first.getAndSet(false) ? "-OOM command not allowed\r\n" : STORED)) {
      var mutations = List.of(
          new Mutation.Put("one", value("value", 1), Condition.ALWAYS),
          new Mutation.Put("other", value("value", 2), Condition.ALWAYS));

      var outcomes = Calls.end(other.calls.write(mutations)).outcomes();

      assertThat(outcomes.get(0))
          .isInstanceOfSatisfying(
              WriteOutcome.Failed.class,
              failed -> assertThat(failed.cause())
                  .isInstanceOf(Unavailable.class)
                  .hasMessageContaining("OOM"));
      assertThat(outcomes.get(1)).isEqualTo(new WriteOutcome.Stored(2));
    }
  }

  @Test
  void repliesOfAnotherShape_areFailuresNotMisses() {
    for (var reply : List.of("*0\r\n", "*3\r\n$-1\r\n$-1\r\n$-1\r\n", "$-1\r\n")) {
      replies.put("MGET", reply);
      assertThat(failure(calls.read("key"))).as(reply).isInstanceOf(Unavailable.class);
    }
    for (var reply : List.of("*0\r\n", "*1\r\n$-1\r\n", "*1\r\n$5\r\nother\r\n", "$-1\r\n")) {
      replies.put("MGET", NOTHING);
      replies.put("EVALSHA", reply);
      assertThat(failure(calls.readLeasing(List.of("key"))))
          .as(reply)
          .isInstanceOf(Unavailable.class);
      assertThat(writeFailure(calls.put("key", value("value", 1))))
          .as(reply)
          .isInstanceOf(OutcomeUnknown.class);
    }
  }

  @Test
  void garbageInsteadOfTheProtocol_failsTyped() {
    replies.put("MGET", "HTTP/1.1 400 Bad Request\r\n\r\n");

    assertThat(failure(calls.read("key"))).isInstanceOf(Unavailable.class);
  }

  @Test
  void errors_ofReads_areFailuresNotMisses() {
    for (var code : List.of("LOADING", "BUSY", "NOAUTH", "CLUSTERDOWN", "ERR")) {
      replies.put("MGET", "-" + code + " whatever key it was\r\n");
      assertThat(failure(calls.read("key")))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining(code)
          .hasMessageNotContaining("whatever");
    }
  }

  @Test
  void silence_callsAreCancelled_andTheConnectionIsReplacedAfterTheLimit() {
    replies.put("MGET", FakeRedis.SILENCE);
    var read = calls.read("key");
    await("the command", () -> redis.received().contains("MGET"));
    read.cancel(true);
    time.advance(Duration.ofSeconds(2).plusNanos(1));

    replies.put("MGET", NOTHING);

    assertThat(Calls.outcome(calls.read("key"))).isInstanceOf(ReadOutcome.Absent.class);
    assertThat(redis.received()).containsExactly("MGET", "MGET");
  }

  /** Lets the wait after a loss pass and waits for a read to succeed again. */
  private void reconnected() {
    await("a read", () -> {
      time.advance(Duration.ofSeconds(1));
      return Calls.outcome(calls.read("key")) instanceof ReadOutcome.Absent;
    });
  }

  private record Other(FakeRedis redis, RedisBackend backend, Calls calls)
      implements AutoCloseable {
    @Override
    public void close() {
      backend.close();
      try {
        redis.close();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  private static Other fake(Function<String, String> replies) {
    var redis = new FakeRedis(replies);
    var backend = RedisBackend.connect(RedisOptions.of(redis.uri()));
    return new Other(redis, backend, new Calls(backend, "loss"));
  }
}
