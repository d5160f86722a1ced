package dev.tiercel.dynamo;

import dev.tiercel.backend.Completions;
import dev.tiercel.error.InvalidRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTimeToLiveRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;
import software.amazon.awssdk.services.dynamodb.model.UpdateTimeToLiveRequest;
import software.amazon.awssdk.services.dynamodb.waiters.DynamoDbAsyncWaiter;

/**
 * Creates the managed table. Every step tolerates that somebody else has done it, or is doing it
 * now.
 */
record TableCreation(DynamoDbAsyncClient client, Layout layout, Place place) {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final AwsRequestOverrideConfiguration LIMITS =
      AwsRequestOverrideConfiguration.builder()
          .apiCallTimeout(Duration.ofSeconds(30))
          .build();

  /**
   * Creates the table.
   *
   * @param ready when there are credentials to do it with
   */
  CompletableFuture<@Nullable Void> run(CompletableFuture<?> ready) {
    if (!layout.ownsItems()) {
      return CompletableFuture.failedFuture(invalid("table: mapped (expected: managed)"));
    }
    var created = new CompletableFuture<@Nullable Void>();
    Completions.onEnd(
        ready
            .thenCompose(signing -> createUnlessThere())
            .thenCompose(there -> awaitActive())
            .thenCompose(this::enableTtl),
        (done, failure) -> {
          if (failure == null) {
            created.complete(null);
          } else {
            created.completeExceptionally(Failures.ofRead(failure, place.outsideOfCalls()));
          }
        });
    return created;
  }

  private CompletableFuture<@Nullable Object> createUnlessThere() {
    return client
        .describeTable(describe())
        .<@Nullable Object>thenApply(there -> there)
        .exceptionallyCompose(
            failure -> Completions.cause(failure) instanceof ResourceNotFoundException
                ? create()
                // Perhaps without the right to describe it: whether it is there shows when it is
                // awaited.
                : CompletableFuture.completedFuture(null));
  }

  private CompletableFuture<@Nullable Object> create() {
    var request = CreateTableRequest.builder()
        .overrideConfiguration(LIMITS)
        .tableName(layout.table())
        .billingMode(BillingMode.PAY_PER_REQUEST)
        .keySchema(KeySchemaElement.builder()
            .attributeName(layout.keyAttribute())
            .keyType(KeyType.HASH)
            .build())
        .attributeDefinitions(AttributeDefinition.builder()
            .attributeName(layout.keyAttribute())
            .attributeType(ScalarAttributeType.S)
            .build())
        .build();
    return client
        .createTable(request)
        .<@Nullable Object>thenApply(created -> created)
        .exceptionallyCompose(
            failure -> Completions.cause(failure) instanceof ResourceInUseException
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(failure));
  }

  private CompletableFuture<TableDescription> awaitActive() {
    var waiter = DynamoDbAsyncWaiter.builder()
        .client(client)
        .overrideConfiguration(override -> override
            .backoffStrategyV2(BackoffStrategy.fixedDelay(POLL))
            .maxAttempts((int) PATIENCE.dividedBy(POLL))
            .waitTimeout(PATIENCE))
        .build();
    return waiter
        .waitUntilTableExists(describe())
        .whenComplete((active, failure) -> waiter.close())
        .thenApply(active -> checked(active.matched().response().orElseThrow().table()));
  }

  private TableDescription checked(TableDescription table) {
    var isOurs = table.keySchema().size() == 1
        && table.keySchema().get(0).attributeName().equals(layout.keyAttribute())
        && table.attributeDefinitions().stream()
            .anyMatch(attribute -> attribute.attributeName().equals(layout.keyAttribute())
                && attribute.attributeType() == ScalarAttributeType.S);
    if (!isOurs) {
      throw invalid(
          "key of the table: another (expected: " + layout.keyAttribute() + " of type S alone)");
    }
    return table;
  }

  private CompletableFuture<?> enableTtl(TableDescription table) {
    return isTtlOn()
        .thenCompose(on -> on ? CompletableFuture.completedFuture(true) : switchTtlOn());
  }

  private CompletableFuture<Boolean> isTtlOn() {
    var request = DescribeTimeToLiveRequest.builder()
        .overrideConfiguration(LIMITS)
        .tableName(layout.table())
        .build();
    return client.describeTimeToLive(request).thenApply(ttl -> {
      var status = ttl.timeToLiveDescription().timeToLiveStatus();
      return status == TimeToLiveStatus.ENABLED || status == TimeToLiveStatus.ENABLING;
    });
  }

  /**
   * Somebody else may be faster, and DynamoDB takes that for an error: it is none if the TTL is on
   * afterwards.
   */
  private CompletableFuture<Boolean> switchTtlOn() {
    var request = UpdateTimeToLiveRequest.builder()
        .overrideConfiguration(LIMITS)
        .tableName(layout.table())
        .timeToLiveSpecification(ttl -> ttl.attributeName(ManagedLayout.TTL).enabled(true))
        .build();
    return client
        .updateTimeToLive(request)
        .thenApply(updated -> true)
        .exceptionallyCompose(failure -> isTtlOn()
            .thenCompose(on -> on
                ? CompletableFuture.completedFuture(true)
                : CompletableFuture.failedFuture(failure)));
  }

  private DescribeTableRequest describe() {
    return DescribeTableRequest.builder()
        .overrideConfiguration(LIMITS)
        .tableName(layout.table())
        .build();
  }

  private InvalidRequest invalid(String what) {
    return new InvalidRequest(what, place.outsideOfCalls(), null);
  }
}
