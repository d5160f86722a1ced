package dev.tiercel.redis;

import static dev.tiercel.redis.Calls.await;
import static dev.tiercel.redis.Calls.failure;
import static dev.tiercel.redis.Calls.outcome;
import static dev.tiercel.redis.Calls.value;
import static dev.tiercel.redis.Calls.writeFailure;
import static dev.tiercel.redis.Calls.writeOutcome;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.Unavailable;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.RedisExtension;
import dev.tiercel.testing.UniqueName;
import dev.tiercel.testing.engine.RedisEngine;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A real Redis that dies, freezes and comes back. */
class RedisConnectionTest {

  @RegisterExtension
  static final RedisExtension OWN = RedisExtension.own();

  private final RedisEngine redis;
  private final FakeTime time = new FakeTime();
  private final List<RedisBackend> opened = new ArrayList<>();

  RedisConnectionTest(RedisEngine redis) {
    this.redis = redis;
  }

  @AfterEach
  void close() {
    opened.forEach(RedisBackend::close);
    await("no threads", () -> threads().isEmpty());
  }

  @Test
  void connect_redisIsDown_failsCallsOnlyAndRecovers() {
    redis.kill();
    var calls = open(RedisOptions.of(redis.uri()));

    assertThat(failure(calls.read("key"))).isInstanceOf(Unavailable.class);
    assertThat(writeFailure(calls.put("key", value("value", 1)))).isInstanceOf(Unavailable.class);

    redis.start();
    awaitAnswers(calls);
    assertThat(writeOutcome(calls.put("key", value("value", 1))))
        .isEqualTo(new WriteOutcome.Stored(1));
  }

  @Test
  void killed_inTheMiddleOfReads_eachEndsAndAnErrorIsNoMiss() {
    var calls = open(RedisOptions.of(redis.uri()));
    Calls.end(calls.put("key", value("value", 1)));
    var reads = new ArrayList<CompletableFuture<ReadResult>>();
    for (var i = 0; i < 500; i++) {
      reads.add(calls.read("key"));
      if (i == 250) {
        redis.kill();
      }
    }

    for (var read : reads) {
      if (!(outcome(read) instanceof ReadOutcome.Found)) {
        assertThat(failure(read)).isInstanceOf(Unavailable.class);
      }
    }
    assertThat(outcome(reads.get(499))).isInstanceOf(ReadOutcome.Failed.class);

    redis.start();
    awaitAnswers(calls);
  }

  @Test
  void killed_withAWriteOnItsWay_outcomeIsUnknown() {
    var calls = open(RedisOptions.of(redis.uri()));
    awaitAnswers(calls);
    redis.pause();
    var read = calls.read("key");
    var write = calls.put("key", value("value", 1));

    redis.kill();

    assertThat(failure(read)).isInstanceOf(Unavailable.class);
    assertThat(writeFailure(write)).isInstanceOf(OutcomeUnknown.class);
  }

  @Test
  void frozen_beyondTheLimit_theConnectionIsReplacedAndNothingIsSentAgain() {
    var calls = open(RedisOptions.of(redis.uri()).connectTimeout(Duration.ofMillis(200)));
    try (var console = new RedisConsole(redis.uri())) {
      Calls.end(calls.put("key", value("value", 1)));
      console.resetCounts();
      var accepted = console.connectionsAccepted();
      redis.pause();
      var write = calls.put("key", value("late", 2));
      var read = calls.read("key");

      time.advance(Duration.ofSeconds(2).plusNanos(1));
      // The old connection is given up with what is on its way; the new one gets no answer either.
      assertThat(failure(calls.read("key"))).isInstanceOf(Unavailable.class);
      assertThat(failure(read)).isInstanceOf(Unavailable.class);
      assertThat(writeFailure(write)).isInstanceOf(OutcomeUnknown.class);

      redis.resume();
      awaitAnswers(calls);
      assertThat(console.connectionsAccepted()).isGreaterThan(accepted);
      // Redis may find it in what the old connection has left.
      assertThat(console.calls("evalsha") + console.calls("eval")).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void frozen_forLessThanTheLimit_keepsItsConnectionAndAnswersInOrder() {
    var calls = open(RedisOptions.of(redis.uri()));
    try (var console = new RedisConsole(redis.uri())) {
      Calls.end(calls.put("one", value("one", 1)));
      Calls.end(calls.put("other", value("other", 1)));
      var accepted = console.connectionsAccepted();
      redis.pause();
      calls.read("one").cancel(true);
      var other = calls.read("other");
      time.advance(Duration.ofSeconds(1));

      redis.resume();

      assertThat(((ReadOutcome.Found) outcome(other)).entry()).isEqualTo(value("other", 1));
      assertThat(((ReadOutcome.Found) outcome(calls.read("one"))).entry())
          .isEqualTo(value("one", 1));
      assertThat(console.connectionsAccepted()).isEqualTo(accepted);
    }
  }

  @Test
  void idle_forLong_keepsItsConnection() {
    var calls = open(RedisOptions.of(redis.uri()));
    try (var console = new RedisConsole(redis.uri())) {
      awaitAnswers(calls);
      var accepted = console.connectionsAccepted();

      time.advance(Duration.ofHours(24));

      assertThat(outcome(calls.read("key"))).isInstanceOf(ReadOutcome.Absent.class);
      assertThat(console.connectionsAccepted()).isEqualTo(accepted);
    }
  }

  @Test
  void queue_full_isOverloadedAtOnce_andCancelledCallsStillCount() {
    var calls = open(RedisOptions.of(redis.uri()).maxQueuedCommands(3));
    awaitAnswers(calls);
    redis.pause();
    var reads = List.of(calls.read("a"), calls.read("b"), calls.read("c"));

    assertThat(failure(calls.read("d"))).isInstanceOf(Overloaded.class);
    assertThat(writeFailure(calls.put("d", value("value", 1)))).isInstanceOf(Overloaded.class);
    assertThat(reads).allMatch(read -> !read.isDone());

    redis.resume();
    reads.forEach(read -> assertThat(outcome(read)).isInstanceOf(ReadOutcome.Absent.class));
    assertThat(outcome(calls.read("d"))).isInstanceOf(ReadOutcome.Absent.class);
  }

  @Test
  void queue_fullOfCancelledCalls_opensAgainWhenRedisAnswersThem() {
    var calls = open(RedisOptions.of(redis.uri()).maxQueuedCommands(3));
    awaitAnswers(calls);
    redis.pause();
    for (var round = 0; round < 20; round++) {
      calls.read("key").cancel(true);
    }

    redis.resume();

    await("a place in the queue", () -> outcome(calls.read("key")) instanceof ReadOutcome.Absent);
    assertThat(Calls.end(calls.read("a", "b", "c")).outcomes()).hasSize(3);
    var three = List.of(
        new Mutation.Forget("a", Duration.ZERO),
        new Mutation.Forget("b", Duration.ZERO),
        new Mutation.Forget("c", Duration.ZERO));
    assertThat(Calls.end(calls.write(three)).outcomes()).containsOnly(new WriteOutcome.Stored(0));
  }

  @Test
  void close_withCallsOnTheirWay_eachEnds() {
    var calls = open(RedisOptions.of(redis.uri()));
    awaitAnswers(calls);
    redis.pause();
    var read = calls.read("key");
    var write = calls.put("key", value("value", 1));

    calls.backend().close();
    calls.backend().close();

    assertThat(failure(read)).isInstanceOf(Unavailable.class);
    assertThat(writeFailure(write)).isInstanceOf(OutcomeUnknown.class);
    assertThat(failure(calls.read("key")))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("closed");
    assertThat(writeFailure(calls.put("key", value("value", 1)))).isInstanceOf(Unavailable.class);
    assertThat(threads()).isEmpty();
  }

  @Test
  void close_whileConnecting_whoWaitsIsTold() {
    redis.pause();
    var calls = open(RedisOptions.of(redis.uri()).connectTimeout(Duration.ofSeconds(30)));
    var read = calls.read("key");

    calls.backend().close();

    assertThat(failure(read)).isInstanceOf(Unavailable.class).hasMessageContaining("closed");
    assertThat(threads()).isEmpty();
  }

  @Test
  void close_byACallback_onAThreadThatIsToEnd_doesNotHang() {
    var calls = open(RedisOptions.of(redis.uri()));
    awaitAnswers(calls);
    redis.pause();
    var closed = calls.read("key").thenRun(calls.backend()::close);

    redis.resume();

    Calls.end(closed);
    await("no threads", () -> threads().isEmpty());
  }

  @Test
  void threads_areFew() {
    for (var i = 0; i < 3; i++) {
      awaitAnswers(open(RedisOptions.of(redis.uri())));
    }

    assertThat(threads()).hasSizeBetween(3, 3 * 4);
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().startsWith("tiercel-redis"))
        .allMatch(Thread::isDaemon);
  }

  @Test
  void password_wrongOrMissing_isUnavailableWithoutShowingIt() {
    try (var locked = RedisEngine.launch("--requirepass", "s3cret")) {
      for (var credentials : List.of("", "ann:wr0ng@", ":wr0ng@")) {
        var uri = URI.create("redis://" + credentials + locked.host() + ":" + locked.port());
        var calls = open(RedisOptions.of(uri));
        Throwable failure = failure(calls.read("key"));
        assertThat(failure).isInstanceOf(Unavailable.class);
        for (; failure != null; failure = failure.getCause()) {
          assertThat(failure.toString()).doesNotContain("s3cret", "wr0ng", "ann");
        }
      }
      awaitAnswers(open(RedisOptions.of(
          URI.create("redis://:s3cret@" + locked.host() + ":" + locked.port() + "/2"))));
    }
  }

  @Test
  void memory_usedUp_writesAndLeasesAreUnavailable_readsAndForgetsAreNot() {
    try (var small = RedisEngine.launch("--maxmemory", "1", "--maxmemory-policy", "noeviction")) {
      var calls = open(RedisOptions.of(small.uri()));

      assertThat(outcome(calls.read("key"))).isInstanceOf(ReadOutcome.Absent.class);
      assertThat(writeFailure(calls.put("key", value("value", 1))))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("OOM");
      assertThat(failure(calls.readLeasing(List.of("key")))).isInstanceOf(Unavailable.class);
      var forget = List.of(new Mutation.Forget("key", Duration.ofSeconds(1)));
      assertThat(writeOutcome(calls.write(forget))).isEqualTo(new WriteOutcome.Stored(0));
    }
  }

  @Test
  void replica_refusesWrites_asUnavailable() {
    var calls = open(RedisOptions.of(redis.uri()));
    try (var console = new RedisConsole(redis.uri())) {
      console.commands().replicaof("127.0.0.1", 1);

      assertThat(writeFailure(calls.put("key", value("value", 1))))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("READONLY");
      assertThat(outcome(calls.read("key"))).isInstanceOf(ReadOutcome.Absent.class);

      console.commands().replicaofNoOne();
      assertThat(writeOutcome(calls.put("key", value("value", 1))))
          .isEqualTo(new WriteOutcome.Stored(1));
    }
  }

  private Calls open(RedisOptions options) {
    var backend = RedisBackend.connect(options, time);
    opened.add(backend);
    return new Calls(backend, UniqueName.of("connection"));
  }

  /** Reads until it succeeds, letting the waits between attempts to connect pass. */
  private void awaitAnswers(Calls calls) {
    await("an answer", () -> {
      time.advance(Duration.ofSeconds(1));
      return !(outcome(calls.read("some key")) instanceof ReadOutcome.Failed);
    });
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("tiercel-redis"))
        .toList();
  }
}
