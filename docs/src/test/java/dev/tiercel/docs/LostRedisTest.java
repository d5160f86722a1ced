package dev.tiercel.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.Entry;
import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.Tier;
import dev.tiercel.error.Overloaded;
import dev.tiercel.testing.DynamoDbExtension;
import dev.tiercel.testing.RedisExtension;
import dev.tiercel.testing.engine.DynamoDbEngine;
import dev.tiercel.testing.engine.RedisEngine;
import dev.tiercel.tier.LocalPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * G10 on real engines: Redis dies in the middle of reads, and no more than the limiter allows goes
 * to DynamoDB in its place.
 */
@ExtendWith(DynamoDbExtension.class)
class LostRedisTest {

  private static final int KEYS = 60;
  private static final int READERS = 4;
  private static final int ROUNDS = 50;
  private static final int PAST_A_LOST_REDIS = 8;

  @RegisterExtension
  static final RedisExtension OWN = RedisExtension.own();

  @Test
  void killedInTheMiddleOfReads_theSourceAnswersWithinItsBoundAndRedisIsUsedAgain(
      RedisEngine redis, DynamoDbEngine dynamo) throws Exception {
    var table = new Gauge(Floor.table(dynamo));
    var policy = Floor.PATIENT.maxFallbackKeys(PAST_A_LOST_REDIS);
    try (var floor = new Floor(redis, table, LocalPolicy.off(), policy)) {
      var values = new HashMap<String, String>();
      IntStream.range(0, KEYS).forEach(i -> values.put("k" + i, "v" + i));
      assertThat(floor.keyspace.putAll(values).isComplete()).isTrue();
      assertThat(tiers(floor.keyspace.getAll(values.keySet()).found().values()))
          .containsOnly(Tier.REMOTE);

      var warm = new CountDownLatch(READERS);
      var killed = new CountDownLatch(1);
      var readers = new ArrayList<CompletableFuture<Void>>();
      for (var reader = 0; reader < READERS; reader++) {
        var first = reader * 17;
        readers.add(onAThread(
            "reader-" + reader, () -> readThroughTheKill(floor, values, first, warm, killed)));
      }
      try {
        assertThat(warm.await(30, TimeUnit.SECONDS)).isTrue();
        redis.kill();
      } finally {
        killed.countDown();
      }
      for (var reader : readers) {
        reader.get(60, TimeUnit.SECONDS);
      }

      stampede(floor, table);

      redis.start();
      var deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      Entry<String> entry;
      do {
        entry = floor.keyspace.getEntry("k1");
      } while (entry.tier() != Tier.REMOTE && System.nanoTime() < deadline);
      assertThat(entry.tier()).isEqualTo(Tier.REMOTE);
    }
  }

  /**
   * Reads without a pause, from before Redis is killed until a number of rounds after it is dead.
   */
  private static void readThroughTheKill(
      Floor floor,
      Map<String, String> values,
      int first,
      CountDownLatch warm,
      CountDownLatch killed) {
    var after = 0;
    for (var round = 0; after < ROUNDS; round++) {
      var isDead = killed.getCount() == 0;
      var key = "k" + (first + round) % KEYS;
      var entry = floor.keyspace.getEntry(key);
      assertThat(entry.value()).isEqualTo(values.get(key));
      if (isDead && ++after == ROUNDS) {
        assertThat(entry.tier()).isEqualTo(Tier.SOURCE);
      }
      if (round == ROUNDS) {
        warm.countDown();
      }
    }
  }

  /**
   * Many readers of many keys at once, while Redis is dead: the source sees no more than the bound,
   * the others are told so.
   */
  private static void stampede(Floor floor, Gauge table) throws Exception {
    table.mostKeys.set(0);
    var answers = new ArrayList<CompletableFuture<String>>();
    for (var round = 0; round < 5; round++) {
      for (var key = 0; key < KEYS; key++) {
        answers.add(floor.keyspace.async().get("k" + key));
      }
    }
    var answered = 0;
    for (var answer : answers) {
      try {
        assertThat(answer.get(30, TimeUnit.SECONDS)).startsWith("v");
        answered++;
      } catch (ExecutionException refused) {
        assertThat(refused).hasCauseInstanceOf(Overloaded.class);
      }
    }
    assertThat(answered).isPositive();
    assertThat(table.mostKeys.get()).isBetween(1, PAST_A_LOST_REDIS);
  }

  private static List<Tier> tiers(Iterable<Entry<String>> entries) {
    var tiers = new ArrayList<Tier>();
    entries.forEach(entry -> tiers.add(entry.tier()));
    return tiers;
  }

  private static CompletableFuture<Void> onAThread(String name, Runnable task) {
    return CompletableFuture.runAsync(task, run -> new Thread(run, name).start());
  }

  /** Counts the keys being asked of the source. */
  private static final class Gauge extends ForwardingBackend {
    final AtomicInteger mostKeys = new AtomicInteger();
    private final AtomicInteger keys = new AtomicInteger();

    Gauge(Backend delegate) {
      super(delegate);
    }

    @Override
    public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
      var count = request.keys().size();
      mostKeys.accumulateAndGet(keys.addAndGet(count), Math::max);
      var answer = super.read(request, context);
      // Counted down before whoever waits hears of it, and asks for more.
      var counted = answer.whenComplete((result, failure) -> keys.addAndGet(-count));
      Completions.passCancel(counted, answer);
      return counted;
    }
  }
}
