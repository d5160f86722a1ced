package dev.tiercel.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.Keyspace;
import dev.tiercel.KeyspaceSpec;
import dev.tiercel.ReadOptions;
import dev.tiercel.ResiliencePolicy;
import dev.tiercel.ServingClient;
import dev.tiercel.WriteOptions;
import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.ServingException;
import dev.tiercel.guard.BreakerPolicy;
import dev.tiercel.redis.RedisBackend;
import dev.tiercel.redis.RedisOptions;
import dev.tiercel.testing.DynamoDbExtension;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.RedisExtension;
import dev.tiercel.testing.UniqueName;
import dev.tiercel.testing.engine.DynamoDbEngine;
import dev.tiercel.testing.engine.RedisEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** G8 on a real engine: DynamoDB accepts every connection and never answers. */
@ExtendWith(RedisExtension.class)
class BlackHoleTest {

  /** However many calls have come back late, the next is sent, too. */
  private static final ResiliencePolicy EVERY_CALL =
      ResiliencePolicy.defaults().breaker(BreakerPolicy.off());

  private static final Duration DEADLINE = Duration.ofMillis(100);
  private static final Duration TOLERANCE = Duration.ofMillis(10);

  @RegisterExtension
  static final DynamoDbExtension OWN = DynamoDbExtension.own();

  /**
   * On time held by the test, also DynamoDB's, so that nothing but the deadline can have ended the
   * calls, and no slow machine can delay them. The deadline is a minute, since the AWS SDK has
   * time-outs of its own on the machine's time: they are far from passing.
   */
  @Test
  void everyCall_hasEndedTenMillisecondsAfterItsDeadline(RedisEngine redis, DynamoDbEngine dynamo)
      throws Exception {
    var deadline = Duration.ofMinutes(1);
    var time = new FakeTime();
    // Each key read and each mutation once. So few that none waits for others to return, or for its
    // turn: all are sent.
    var table = new Arrivals(Floor.table(dynamo, time), 6 + 8);
    var cache = RedisBackend.connect(RedisOptions.of(redis.uri()), time);
    try (var client = ServingClient.builder().time(time).executor(Runnable::run).build()) {
      var async = keyspace(client, cache, table, deadline).async();
      dynamo.pause();
      var reads = new ArrayList<CompletableFuture<?>>();
      var writes = new ArrayList<CompletableFuture<?>>();
      reads.add(async.get("key"));
      reads.add(async.getEntry("other", ReadOptions.defaults().maxStaleness(Duration.ZERO)));
      reads.add(async.update("third", present -> present + "!"));
      for (var i = 0; i < 2; i++) {
        writes.add(async.put("key" + i, "value"));
        writes.add(async.putIfAbsent("new" + i, "value"));
        writes.add(async.remove("old" + i));
      }
      var batchRead = async.getAll(List.of("a", "b", "c"));
      var batchWrite = async.putAll(Map.of("x", "1", "y", "2"));

      // Reads ask Redis first, in real time: the test's clock may only move once all have come as
      // far as the black hole.
      assertThat(table.came.await(30, TimeUnit.SECONDS))
          .as("everything sent has come to the source")
          .isTrue();
      time.advance(deadline.plus(TOLERANCE));

      assertThat(reads)
          .allSatisfy(call -> assertThat(failure(call)).isInstanceOf(DeadlineExceeded.class));
      assertThat(writes)
          .allSatisfy(call -> assertThat(failure(call)).isInstanceOf(OutcomeUnknown.class));
      assertThat(batchRead).isCompleted();
      assertThat(batchRead.join().failed()).hasSize(3);
      assertThat(batchRead.join().failed().values()).allMatch(DeadlineExceeded.class::isInstance);
      assertThat(batchWrite).isCompleted();
      assertThat(batchWrite.join().failed().values())
          .hasSize(2)
          .allMatch(OutcomeUnknown.class::isInstance);
    } finally {
      dynamo.resume();
    }
  }

  /**
   * On the machine's time. How late a thread wakes is the machine's doing as well, so each call
   * runs beside a bare timer of the same deadline, and the median of how much later the call ended
   * is what is judged.
   */
  @Test
  void blockingCall_endsNoLaterThanTenMillisecondsAfterABareTimer(
      RedisEngine redis, DynamoDbEngine dynamo) throws Exception {
    var table = Floor.table(dynamo);
    var timer = Executors.newSingleThreadScheduledExecutor();
    try (var client = ServingClient.create()) {
      var keyspace =
          keyspace(client, RedisBackend.connect(RedisOptions.of(redis.uri())), table, DEADLINE);
      keyspace.put("warm", "up", WriteOptions.defaults().deadline(Duration.ofSeconds(10)));
      dynamo.pause();
      var rounds = 31;
      var lateness = new long[rounds];
      for (var round = 0; round < rounds; round++) {
        var bare = new CompletableFuture<Long>();
        timer.schedule(
            () -> bare.complete(System.nanoTime()), DEADLINE.toNanos(), TimeUnit.NANOSECONDS);
        var ended = endOf(keyspace, "key" + round);
        lateness[round] = ended - bare.get(10, TimeUnit.SECONDS);
      }
      Arrays.sort(lateness);
      System.out.printf(
          "a call ends after a bare timer of its deadline by: median %.2f ms, most %.2f ms%n",
          lateness[rounds / 2] / 1e6, lateness[rounds - 1] / 1e6);
      assertThat(Duration.ofNanos(lateness[rounds / 2])).isLessThanOrEqualTo(TOLERANCE);
    } finally {
      dynamo.resume();
      timer.shutdownNow();
    }
  }

  private static long endOf(Keyspace<String, String> keyspace, String key) {
    try {
      var value = keyspace.get(key);
      throw new AssertionError("value: " + value + " (expected: none from a black hole)");
    } catch (DeadlineExceeded late) {
      return System.nanoTime();
    }
  }

  private static Keyspace<String, String> keyspace(
      ServingClient client, Backend cache, Backend table, Duration deadline) {
    return client.keyspace(
        KeyspaceSpec.builder(UniqueName.of("hole"), KeyFormat.string(), Codecs.utf8())
            .remote(cache)
            .source(table)
            .sourceResilience(EVERY_CALL)
            .deadline(deadline)
            .build());
  }

  private static ServingException failure(CompletableFuture<?> call) {
    try {
      throw new AssertionError("call: " + call.getNow(null) + " (expected: a failure by now)");
    } catch (CompletionException failed) {
      return (ServingException) failed.getCause();
    }
  }

  /** Tells when so many keys and mutations have been sent on to a backend. */
  private static final class Arrivals extends ForwardingBackend {
    final CountDownLatch came;

    Arrivals(Backend delegate, int expected) {
      super(delegate);
      this.came = new CountDownLatch(expected);
    }

    @Override
    public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
      var sent = super.read(request, context);
      request.keys().forEach(key -> came.countDown());
      return sent;
    }

    @Override
    public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
      var sent = super.write(request, context);
      request.mutations().forEach(mutation -> came.countDown());
      return sent;
    }
  }
}
