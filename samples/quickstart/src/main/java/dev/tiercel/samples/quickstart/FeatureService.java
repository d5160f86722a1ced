package dev.tiercel.samples.quickstart;

import dev.tiercel.AsyncKeyspace;
import dev.tiercel.Entry;
import dev.tiercel.KeyspaceSpec;
import dev.tiercel.ServingClient;
import dev.tiercel.backend.Backend;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.dynamo.DynamoBackend;
import dev.tiercel.dynamo.DynamoOptions;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.redis.RedisBackend;
import dev.tiercel.redis.RedisOptions;
import dev.tiercel.tier.LocalPolicy;
import dev.tiercel.tier.RemotePolicy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Serves feature vectors by item: from this process's memory, else from Redis, else from DynamoDB.
 */
final class FeatureService implements AutoCloseable {

  private final ServingClient client;
  private final AsyncKeyspace<Long, float[]> features;

  /**
   * Opens the service on a Redis and a table in DynamoDB.
   *
   * @param redis where the shared cache is
   * @param dynamo where the source of record is
   * @param listener hears how the tiers work together
   */
  static FeatureService open(RedisOptions redis, DynamoOptions dynamo, ServingListener listener) {
    return new FeatureService(
        RedisBackend.connect(redis), DynamoBackend.create(dynamo, Features.TABLE), listener);
  }

  /** The same on any backends; it closes both when it is closed. */
  FeatureService(Backend redis, Backend dynamo, ServingListener listener) {
    client = ServingClient.builder().listener(listener).build();
    features = client
        .keyspace(KeyspaceSpec.builder(Features.KEYSPACE, KeyFormat.longs(), Codecs.floats())
            // Small, so that the quickstart has something to show: the popular items stay here, the
            // others do not.
            .local(LocalPolicy.defaults().maxBytes(2 << 20))
            // Patient, since the engines share a few cores with this program; a service keeps the
            // defaults, or less.
            .remote(redis, RemotePolicy.defaults().timeout(Duration.ofSeconds(2)))
            .source(dynamo)
            .deadline(Duration.ofSeconds(5))
            .build())
        .async();
  }

  /**
   * The features of an item, with their version, age and the tier that answered; null if it has
   * none.
   */
  CompletableFuture<@Nullable Entry<float[]>> features(long item) {
    return features.getEntry(item);
  }

  /**
   * Writes new features of an item: once this is done, every later read of this process sees them
   * or newer ones.
   */
  CompletableFuture<Long> publish(long item, float[] vector) {
    return features.put(item, vector);
  }

  /** Waits for what is on its way and lets go of every connection and thread. */
  @Override
  public void close() {
    client.close();
  }
}
