package dev.tiercel.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.Keyspace;
import dev.tiercel.KeyspaceSpec;
import dev.tiercel.ReadOptions;
import dev.tiercel.ServingClient;
import dev.tiercel.WriteOptions;
import dev.tiercel.backend.Backend;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.ServingException;
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
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** G8 on a real engine: DynamoDB accepts every connection and never answers. */
@ExtendWith(RedisExtension.class)
class BlackHoleTest {

  private static final Duration DEADLINE = Duration.ofMillis(100);
  private static final Duration TOLERANCE = Duration.ofMillis(10);

  @RegisterExtension
  static final DynamoDbExtension OWN = DynamoDbExtension.own();

  /** On time held by the test, so that nothing but the deadline can have ended the calls, and no slow machine can delay them. */
  @Test
  void everyCall_hasEndedTenMillisecondsAfterItsDeadline(RedisEngine redis, DynamoDbEngine dynamo) {
    var time = new FakeTime();
    var table = Floor.table(dynamo);
    try (var client = ServingClient.builder().time(time).executor(Runnable::run).build()) {
      var keyspace = keyspace(client, redis, table);
      dynamo.pause();
      var async = keyspace.async();
      var reads = new ArrayList<CompletableFuture<?>>();
      var writes = new ArrayList<CompletableFuture<?>>();
      for (var i = 0; i < 20; i++) {
        reads.add(async.get("key" + i));
        reads.add(async.getEntry("key" + i, ReadOptions.defaults().maxStaleness(Duration.ZERO)));
        writes.add(async.put("key" + i, "value"));
        writes.add(async.putIfAbsent("new" + i, "value"));
        writes.add(async.remove("old" + i));
      }
      reads.add(async.update("key", present -> present + "!"));
      var batchRead = async.getAll(List.of("a", "b", "c"));
      var batchWrite = async.putAll(Map.of("a", "1", "b", "2"));

      awaitTimers(time, reads, writes);
      time.advance(DEADLINE.plus(TOLERANCE));

      assertThat(reads).allSatisfy(call -> assertThat(failure(call)).isInstanceOf(DeadlineExceeded.class));
      assertThat(writes).allSatisfy(call -> assertThat(failure(call)).isInstanceOf(OutcomeUnknown.class));
      assertThat(batchRead).isCompleted();
      assertThat(batchRead.join().failed()).hasSize(3);
      assertThat(batchRead.join().failed().values()).allMatch(DeadlineExceeded.class::isInstance);
      assertThat(batchWrite).isCompleted();
      assertThat(batchWrite.join().failed().values()).hasSize(2).allMatch(OutcomeUnknown.class::isInstance);
      dynamo.resume();
    }
  }

  /** Reads first ask Redis, in real time: the test's clock may only move once they have gone on to the black hole. */
  private static void awaitTimers(
      FakeTime time, List<CompletableFuture<?>> reads, List<CompletableFuture<?>> writes) {
    var last = -1;
    var quiet = 0;
    while (quiet < 50) {
      var pending = time.pendingTimers();
      quiet = pending == last ? quiet + 1 : 0;
      last = pending;
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
    assertThat(reads.size() + writes.size()).isPositive();
  }

  /**
   * On the machine's time. How late a thread wakes is the machine's doing as well, so each call runs beside a bare timer of the same
   * deadline, and the median of how much later the call ended is what is judged.
   */
  @Test
  void blockingCall_endsNoLaterThanTenMillisecondsAfterABareTimer(RedisEngine redis, DynamoDbEngine dynamo)
      throws Exception {
    var table = Floor.table(dynamo);
    var timer = Executors.newSingleThreadScheduledExecutor();
    try (var client = ServingClient.create()) {
      var keyspace = keyspace(client, redis, table);
      keyspace.put("warm", "up", WriteOptions.defaults().deadline(Duration.ofSeconds(10)));
      dynamo.pause();
      var rounds = 31;
      var lateness = new long[rounds];
      for (var round = 0; round < rounds; round++) {
        var bare = new CompletableFuture<Long>();
        timer.schedule(() -> bare.complete(System.nanoTime()), DEADLINE.toNanos(), TimeUnit.NANOSECONDS);
        var ended = endOf(keyspace, "key" + round);
        lateness[round] = ended - bare.get(10, TimeUnit.SECONDS);
      }
      Arrays.sort(lateness);
      System.out.printf(
          "a call ends after a bare timer of its deadline by: median %.2f ms, most %.2f ms%n",
          lateness[rounds / 2] / 1e6, lateness[rounds - 1] / 1e6);
      assertThat(Duration.ofNanos(lateness[rounds / 2])).isLessThanOrEqualTo(TOLERANCE);
      dynamo.resume();
    } finally {
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
      ServingClient client, RedisEngine redis, Backend table) {
    return client.keyspace(
        KeyspaceSpec.builder(UniqueName.of("hole"), KeyFormat.string(), Codecs.utf8())
            .remote(RedisBackend.connect(RedisOptions.of(redis.uri())))
            .source(table)
            .deadline(DEADLINE)
            .build());
  }

  private static ServingException failure(CompletableFuture<?> call) {
    try {
      throw new AssertionError("call: " + call.getNow(null) + " (expected: a failure by now)");
    } catch (CompletionException failed) {
      return (ServingException) failed.getCause();
    }
  }
}
