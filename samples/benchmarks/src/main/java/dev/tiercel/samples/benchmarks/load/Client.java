package dev.tiercel.samples.benchmarks.load;

import dev.tiercel.AsyncKeyspace;
import dev.tiercel.KeyspaceSpec;
import dev.tiercel.ResiliencePolicy;
import dev.tiercel.ServingClient;
import dev.tiercel.WriteOptions;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.health.Vitals;
import dev.tiercel.redis.RedisBackend;
import dev.tiercel.redis.RedisOptions;
import dev.tiercel.testing.engine.Waiting;
import dev.tiercel.tier.LocalPolicy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A client of a {@link RedisGroup} with connections of its own, whose source of record is that
 * Redis. It has no local tier, so that every read goes there.
 */
final class Client implements AutoCloseable {

  static final int KEYS = 10_000;

  private static final int AT_ONCE = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String VALUE = "v".repeat(100);

  private final Counts counts = new Counts();
  private final ResiliencePolicy policy;
  private final CountingBackend redis;
  private final ServingClient client;
  private final AsyncKeyspace<Long, String> keyspace;

  /**
   * Connects.
   *
   * @param group the Redis
   * @param policy what is done about slow and failing calls
   * @param deadline of each call
   */
  Client(RedisGroup group, ResiliencePolicy policy, Duration deadline) {
    this.policy = policy;
    redis = new CountingBackend(
        RedisBackend.connect(RedisOptions.of(group.primary()).replicas(group.replicas())));
    client = ServingClient.builder().listener(counts).build();
    keyspace = client
        .keyspace(KeyspaceSpec.builder("load", KeyFormat.longs(), Codecs.utf8())
            .local(LocalPolicy.off())
            .source(redis)
            .sourceResilience(policy)
            .deadline(deadline)
            .build())
        .async();
  }

  /** Writes every key, and waits for it; again where a cold start makes it late. */
  void fill() {
    for (var from = 0L; from < KEYS; from += AT_ONCE) {
      var values = new HashMap<Long, String>();
      LongStream.range(from, from + AT_ONCE).forEach(key -> values.put(key, VALUE));
      if (!Waiting.until(() -> put(values), PATIENCE)) {
        throw new IllegalStateException("fill: not done within " + PATIENCE + " (expected: done)");
      }
    }
  }

  private boolean put(Map<Long, String> values) {
    return keyspace.putAll(values, WriteOptions.defaults()).join().failed().isEmpty();
  }

  /** Reads one of the keys. */
  CompletableFuture<@Nullable String> read(long key) {
    return keyspace.get(key);
  }

  Counts counts() {
    return counts;
  }

  /** Keys that were sent to endpoints to be read. */
  long sent() {
    return redis.keys();
  }

  /** The most calls that are on their way to an endpoint now. */
  int inFlight() {
    return client.vitals().stream().mapToInt(Vitals::inFlight).max().orElse(0);
  }

  /** The most calls that may ever be on their way to an endpoint. */
  int limit() {
    return policy.limiter().max();
  }

  @Override
  public void close() {
    client.close();
  }
}
