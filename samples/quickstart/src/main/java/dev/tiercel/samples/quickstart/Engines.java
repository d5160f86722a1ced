package dev.tiercel.samples.quickstart;

import dev.tiercel.dynamo.DynamoOptions;
import dev.tiercel.redis.RedisOptions;
import dev.tiercel.testing.engine.DynamoDbEngine;
import dev.tiercel.testing.engine.RedisEngine;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** A Redis and a DynamoDB Local of the program's own. */
final class Engines implements AutoCloseable {

  private final RedisEngine redis;
  private final DynamoDbEngine dynamo;

  private Engines(RedisEngine redis, DynamoDbEngine dynamo) {
    this.redis = redis;
    this.dynamo = dynamo;
  }

  /** Starts both and waits until they answer. Redis is a cache here: it has a bound, and evicts. */
  static Engines launch() {
    var redis = RedisEngine.launch("--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru");
    try {
      return new Engines(redis, DynamoDbEngine.launch());
    } catch (RuntimeException failure) {
      redis.close();
      throw failure;
    }
  }

  /** Where Redis is. */
  RedisOptions redis() {
    return RedisOptions.of(redis.uri());
  }

  /** Where DynamoDB Local is, which takes any credentials. */
  DynamoOptions dynamo() {
    var anybody =
        StaticCredentialsProvider.create(AwsBasicCredentials.create("quickstart", "none"));
    return DynamoOptions.of(Region.EU_WEST_1).endpoint(dynamo.endpoint()).credentials(anybody);
  }

  @Override
  public void close() {
    dynamo.close();
    redis.close();
  }
}
