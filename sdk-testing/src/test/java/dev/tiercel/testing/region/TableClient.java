package dev.tiercel.testing.region;

import java.net.URI;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A service that writes to a table, as services do. */
record TableClient(DynamoDbAsyncClient client, String table) implements AutoCloseable {

  static TableClient of(Connections connections, URI endpoint, String table) {
    var client = DynamoDbAsyncClient.builder()
        .httpClient(connections.http())
        .endpointOverride(endpoint)
        .region(Region.EU_CENTRAL_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("service", "service")))
        .build();
    return new TableClient(client, table);
  }

  void put(String key, long version, String value) {
    client
        .putItem(put -> put.tableName(table)
            .item(Map.of(
                "key", AttributeValue.fromS(key),
                "version", AttributeValue.fromN(Long.toString(version)),
                "value", AttributeValue.fromS(value))))
        .join();
  }

  void delete(String key) {
    client
        .deleteItem(delete -> delete.tableName(table).key(Map.of("key", AttributeValue.fromS(key))))
        .join();
  }

  /** The value, or an empty text. */
  String value(String key) {
    var item = client
        .getItem(get ->
            get.tableName(table).key(Map.of("key", AttributeValue.fromS(key))).consistentRead(true))
        .join()
        .item();
    return item.isEmpty() ? "" : item.get("value").s();
  }

  Set<Map<String, AttributeValue>> items() {
    return new HashSet<>(
        client.scan(scan -> scan.tableName(table).consistentRead(true)).join().items());
  }

  @Override
  public void close() {
    client.close();
  }
}
