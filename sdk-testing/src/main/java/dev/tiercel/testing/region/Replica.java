package dev.tiercel.testing.region;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsAsyncClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsAsyncClient;

/** The replicator's access to the DynamoDB of one region. Thread-safe; every call blocks. */
final class Replica implements AutoCloseable {

  private static final Duration CALL_LIMIT = Duration.ofSeconds(10);
  private static final StaticCredentialsProvider CREDENTIALS =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("replicator", "replicator"));

  private final String region;
  private final DynamoDbAsyncClient tables;
  private final DynamoDbStreamsAsyncClient streams;

  /** What became of a write. */
  record Answer(Attempt.Fate fate, @Nullable Image found) {}

  Replica(String region, URI endpoint, Connections connections) {
    this.region = region;
    tables = configured(DynamoDbAsyncClient.builder(), endpoint, connections);
    streams = configured(DynamoDbStreamsAsyncClient.builder(), endpoint, connections);
  }

  /** Nothing is sent twice: the second would not know what became of the first. */
  private static <B extends AwsAsyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C configured(
      B builder, URI endpoint, Connections connections) {
    return builder
        .httpClient(connections.http())
        .asyncConfiguration(async -> async.advancedOption(
            SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, connections.thread()))
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .credentialsProvider(CREDENTIALS)
        .overrideConfiguration(override ->
            override.retryStrategy(DefaultRetryStrategy.doNotRetry()).apiCallTimeout(CALL_LIMIT))
        .build();
  }

  DynamoDbStreamsAsyncClient streams() {
    return streams;
  }

  Optional<TableDescription> table(String name) {
    try {
      return Optional.of(
          answer(tables.describeTable(describe -> describe.tableName(name))).table());
    } catch (ResourceNotFoundException none) {
      return Optional.empty();
    }
  }

  /** Creates a table with the key of another. */
  void createLike(TableDescription other) {
    create(other.tableName(), other.keySchema(), keysOf(other));
  }

  void create(String name, List<KeySchemaElement> schema, List<AttributeDefinition> attributes) {
    answer(tables.createTable(create -> create
        .tableName(name)
        .billingMode(BillingMode.PAY_PER_REQUEST)
        .keySchema(schema)
        .attributeDefinitions(attributes)));
  }

  /**
   * Makes a table tell of its changes, if it does not.
   *
   * @return the stream's name
   */
  String streamOf(String name) {
    var there = table(name).orElseThrow();
    var specification = there.streamSpecification();
    if (specification == null || !Boolean.TRUE.equals(specification.streamEnabled())) {
      there = answer(tables.updateTable(update -> update
              .tableName(name)
              .streamSpecification(stream ->
                  stream.streamEnabled(true).streamViewType(StreamViewType.NEW_AND_OLD_IMAGES))))
          .tableDescription();
    } else if (specification.streamViewType() != StreamViewType.NEW_AND_OLD_IMAGES) {
      throw new IllegalArgumentException("stream of " + name + " in " + region + ": "
          + specification.streamViewType() + " (expected: none, or NEW_AND_OLD_IMAGES)");
    }
    return there.latestStreamArn();
  }

  /** Everything a table holds. */
  List<Image> items(String name) {
    var items = new ArrayList<Image>();
    @Nullable Map<String, AttributeValue> last = null;
    do {
      var from = last;
      var page = answer(
          tables.scan(scan -> scan.tableName(name).consistentRead(true).exclusiveStartKey(from)));
      page.items().forEach(item -> items.add(new Image(item)));
      last = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : null;
    } while (last != null);
    return items;
  }

  /** Makes an item another, if it is what it is thought to be. */
  Answer replace(ItemKey key, Image expected, Image wanted) {
    try {
      if (wanted.isNone()) {
        answer(tables.deleteItem(deletion(key, Expectation.of(key, expected))));
      } else {
        answer(tables.putItem(put(key, Expectation.of(key, expected), wanted)));
      }
      return new Answer(Attempt.Fate.APPLIED, null);
    } catch (ConditionalCheckFailedException other) {
      return new Answer(
          Attempt.Fate.REFUSED, other.hasItem() ? new Image(other.item()) : Image.NONE);
    } catch (RuntimeException lost) {
      // A time-out, a lost connection, an interrupt: it may have been done.
      return new Answer(Attempt.Fate.UNKNOWN, null);
    }
  }

  @Override
  public void close() {
    tables.close();
    streams.close();
  }

  /** Waits for an answer; a failure is thrown as it is. */
  static <T> T answer(CompletableFuture<T> call) {
    try {
      return call.join();
    } catch (CompletionException failure) {
      throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
    }
  }

  private static PutItemRequest put(ItemKey key, Expectation expected, Image wanted) {
    var put = PutItemRequest.builder()
        .tableName(key.table())
        .item(wanted.attributes())
        .conditionExpression(expected.condition())
        .expressionAttributeNames(expected.names())
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    return (expected.values().isEmpty() ? put : put.expressionAttributeValues(expected.values()))
        .build();
  }

  private static DeleteItemRequest deletion(ItemKey key, Expectation expected) {
    var deletion = DeleteItemRequest.builder()
        .tableName(key.table())
        .key(key.attributes())
        .conditionExpression(expected.condition())
        .expressionAttributeNames(expected.names())
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    return (expected.values().isEmpty()
            ? deletion
            : deletion.expressionAttributeValues(expected.values()))
        .build();
  }

  /** Not the attributes of its indexes. */
  private static List<AttributeDefinition> keysOf(TableDescription table) {
    var names = table.keySchema().stream().map(KeySchemaElement::attributeName).toList();
    return table.attributeDefinitions().stream()
        .filter(attribute -> names.contains(attribute.attributeName()))
        .toList();
  }
}
