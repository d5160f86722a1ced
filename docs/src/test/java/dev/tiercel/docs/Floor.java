package dev.tiercel.docs;

import dev.tiercel.Keyspace;
import dev.tiercel.KeyspaceSpec;
import dev.tiercel.ResiliencePolicy;
import dev.tiercel.ServingClient;
import dev.tiercel.backend.Backend;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.dynamo.DynamoBackend;
import dev.tiercel.dynamo.DynamoOptions;
import dev.tiercel.dynamo.DynamoTable;
import dev.tiercel.guard.RetryPolicy;
import dev.tiercel.hedge.HedgePolicy;
import dev.tiercel.redis.RedisBackend;
import dev.tiercel.redis.RedisOptions;
import dev.tiercel.testing.StagedBackend;
import dev.tiercel.testing.UniqueName;
import dev.tiercel.testing.engine.DynamoDbEngine;
import dev.tiercel.testing.engine.RedisEngine;
import dev.tiercel.tier.LocalPolicy;
import dev.tiercel.tier.RemotePolicy;
import dev.tiercel.time.Time;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** A keyspace over a real Redis and a real DynamoDB Local, whose calls to both a test may hold. */
final class Floor implements AutoCloseable {

  /** Time enough for a Redis on a slow machine: what is tested is not its speed. */
  static final RemotePolicy PATIENT = RemotePolicy.defaults().timeout(Duration.ofSeconds(4));

  /** What is asked of the source is asked once: tests count it. */
  static final ResiliencePolicy ONCE =
      ResiliencePolicy.defaults().hedge(HedgePolicy.off()).retry(RetryPolicy.off());

  final String name = UniqueName.of("features");
  final StagedBackend remote;
  final StagedBackend source;
  final RefusedFills refusedFills = new RefusedFills();
  final ServingClient client;
  final Keyspace<String, String> keyspace;

  /** Its source is a table of its own on the engine. */
  Floor(RedisEngine redis, DynamoDbEngine dynamo, LocalPolicy local) {
    this(redis, table(dynamo), local, PATIENT);
  }

  Floor(RedisEngine redis, Backend record, LocalPolicy local, RemotePolicy policy) {
    remote = new StagedBackend(RedisBackend.connect(RedisOptions.of(redis.uri())));
    source = new StagedBackend(record);
    client = ServingClient.builder().listener(refusedFills).build();
    keyspace = client.keyspace(KeyspaceSpec.builder(name, KeyFormat.string(), Codecs.utf8())
        .local(local)
        .remote(remote, policy)
        .source(source)
        .sourceResilience(ONCE)
        .deadline(Duration.ofSeconds(10))
        .build());
  }

  /** A new table on the engine. */
  static DynamoBackend table(DynamoDbEngine dynamo) {
    return created(
        DynamoBackend.create(options(dynamo), DynamoTable.managed(UniqueName.of("table"))));
  }

  /** A new table on the engine, by another clock. */
  static DynamoBackend table(DynamoDbEngine dynamo, Time time) {
    return created(
        DynamoBackend.create(options(dynamo), DynamoTable.managed(UniqueName.of("table")), time));
  }

  private static DynamoOptions options(DynamoDbEngine dynamo) {
    var credentials = StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));
    return DynamoOptions.of(Region.EU_WEST_1).endpoint(dynamo.endpoint()).credentials(credentials);
  }

  private static DynamoBackend created(DynamoBackend table) {
    table.createTable().join();
    return table;
  }

  @Override
  public void close() {
    remote.pass();
    source.pass();
    client.close();
  }
}
