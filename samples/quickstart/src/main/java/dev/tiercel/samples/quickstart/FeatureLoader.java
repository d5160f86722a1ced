package dev.tiercel.samples.quickstart;

import dev.tiercel.AsyncKeyspace;
import dev.tiercel.BatchWriteResult;
import dev.tiercel.KeyspaceSpec;
import dev.tiercel.ServingClient;
import dev.tiercel.WriteOptions;
import dev.tiercel.backend.Backend;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.dynamo.DynamoBackend;
import dev.tiercel.dynamo.DynamoOptions;
import dev.tiercel.tier.LocalPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The offline job that fills the source of record before anybody is served: in bulk, past all
 * caches.
 */
final class FeatureLoader implements AutoCloseable {

  private static final WriteOptions BULK =
      WriteOptions.defaults().unconditional().deadline(Duration.ofSeconds(30));

  private final ServingClient client = ServingClient.create();
  private final AsyncKeyspace<Long, float[]> features;

  /**
   * Creates the table if it is not there, and opens the job on it.
   *
   * @param dynamo where the source of record is
   */
  static FeatureLoader open(DynamoOptions dynamo) {
    var table = DynamoBackend.create(dynamo, Features.TABLE);
    table.createTable().join();
    return new FeatureLoader(table);
  }

  /** The same on any backend; it closes it when it is closed. */
  FeatureLoader(Backend dynamo) {
    features = client
        .keyspace(KeyspaceSpec.builder(Features.KEYSPACE, KeyFormat.longs(), Codecs.floats())
            .local(LocalPolicy.off())
            .source(dynamo)
            .build())
        .async();
  }

  /** Writes the features of many items over whatever is there, each item by itself. */
  CompletableFuture<BatchWriteResult<Long>> load(Map<Long, float[]> vectors) {
    return features.putAll(vectors, BULK);
  }

  @Override
  public void close() {
    client.close();
  }
}
