package dev.tiercel.testing.region;

import java.net.URI;

/**
 * Where a region's engines are reached.
 *
 * @param host of both
 * @param redisPort the port of its Redis
 * @param dynamoDbPort the port of its DynamoDB
 */
public record Endpoints(String host, int redisPort, int dynamoDbPort) {

  /** The address of its Redis, as {@code redis://127.0.0.1:port}. */
  public URI redis() {
    return URI.create("redis://" + host + ":" + redisPort);
  }

  /**
   * The address of its DynamoDB, as {@code http://127.0.0.1:port}. Any region will do to sign for,
   * and any credentials with letters and digits as the access key: all see the same tables.
   */
  public URI dynamoDb() {
    return URI.create("http://" + host + ":" + dynamoDbPort);
  }
}
