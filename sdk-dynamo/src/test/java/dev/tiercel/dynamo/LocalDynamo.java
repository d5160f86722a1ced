package dev.tiercel.dynamo;

import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.engine.DynamoDbEngine;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** A DynamoDB Local as its owner sees it: tables and items made past the backend. */
record LocalDynamo(DynamoOptions options, OwnClient owner) implements AutoCloseable {

  static final StaticCredentialsProvider CREDENTIALS =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("testaccess", "testsecret"));

  static DynamoOptions options(DynamoDbEngine engine) {
    return DynamoOptions.of(Region.EU_CENTRAL_1)
        .endpoint(engine.endpoint())
        .credentials(CREDENTIALS);
  }

  static LocalDynamo of(DynamoDbEngine engine) {
    var options = options(engine);
    return new LocalDynamo(options, OwnClient.open(options, new FakeTime()));
  }

  DynamoDbAsyncClient client() {
    return owner.dynamo();
  }

  void createTable(DynamoTable.Mapped table) {
    var type = table.numericKey() ? ScalarAttributeType.N : ScalarAttributeType.S;
    client()
        .createTable(create -> create
            .tableName(table.name())
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .keySchema(KeySchemaElement.builder()
                .attributeName(table.keyAttribute())
                .keyType(KeyType.HASH)
                .build())
            .attributeDefinitions(AttributeDefinition.builder()
                .attributeName(table.keyAttribute())
                .attributeType(type)
                .build()))
        .join();
  }

  void putItem(String table, Map<String, AttributeValue> item) {
    client().putItem(put -> put.tableName(table).item(item)).join();
  }

  Map<String, AttributeValue> item(String table, String keyAttribute, AttributeValue key) {
    return client()
        .getItem(get -> get.tableName(table).key(Map.of(keyAttribute, key)).consistentRead(true))
        .join()
        .item();
  }

  @Override
  public void close() {
    owner.close();
  }
}
