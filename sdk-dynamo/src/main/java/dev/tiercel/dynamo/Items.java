package dev.tiercel.dynamo;

import dev.tiercel.backend.Condition;
import dev.tiercel.backend.Mutation;
import dev.tiercel.time.Time;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Requests that write one item. */
record Items(Layout layout, Time time) {

  /**
   * A mutation that this table can take.
   *
   * @param index its place in the request
   * @param keyText the text of the key attribute
   * @param attributes the others
   */
  record ItemWrite(
      int index, Mutation.Put put, String keyText, Map<String, AttributeValue> attributes) {}

  /**
   * Checks a mutation.
   *
   * @throws IllegalArgumentException if the table cannot take it; the message shows neither key nor
   *     value
   */
  ItemWrite checked(int index, String keyspace, Mutation mutation) {
    if (!(mutation instanceof Mutation.Put put)) {
      throw new IllegalArgumentException("mutation: " + mutation.getClass().getSimpleName()
          + " (expected: Put, since this is no cache)");
    }
    if (!layout.versioned() && !(put.condition() instanceof Condition.Always)) {
      throw new IllegalArgumentException(
          "condition: " + put.condition().getClass().getSimpleName()
              + " (expected: Always, since the table has no versions)");
    }
    var bytes = put.entry().size();
    if (bytes > Layout.MAX_VALUE_BYTES) {
      throw new IllegalArgumentException(
          "value: " + bytes + " bytes (expected: at most " + Layout.MAX_VALUE_BYTES + ")");
    }
    return new ItemWrite(
        index, put, layout.keyText(keyspace, put.key()), layout.attributes(put.entry()));
  }

  /**
   * Writes an item under its condition. A refusal brings the item that stands in the way, so that
   * nobody reads it again.
   */
  CompletableFuture<? extends DynamoDbResponse> send(
      ItemWrite write, DynamoDbAsyncClient client, AwsRequestOverrideConfiguration limits) {
    if (layout.ownsItems()) {
      return client.putItem(replacement(write, limits));
    }
    return write.put().entry().isTombstone() && !layout.versioned()
        ? client.deleteItem(deletion(write, limits))
        : client.updateItem(update(write, limits));
  }

  /** Writes an item whatever is there. */
  WriteRequest unconditional(ItemWrite write) {
    return WriteRequest.builder()
        .putRequest(request -> request.item(item(write)))
        .build();
  }

  private PutItemRequest replacement(ItemWrite write, AwsRequestOverrideConfiguration limits) {
    var expression = new Expression(layout);
    return PutItemRequest.builder()
        .overrideConfiguration(limits)
        .tableName(layout.table())
        .item(item(write))
        .conditionExpression(expression.condition(write.put(), time.millis()))
        .expressionAttributeNames(expression.names())
        .expressionAttributeValues(expression.values())
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
        .build();
  }

  private UpdateItemRequest update(ItemWrite write, AwsRequestOverrideConfiguration limits) {
    var expression = new Expression(layout);
    return UpdateItemRequest.builder()
        .overrideConfiguration(limits)
        .tableName(layout.table())
        .key(layout.key(write.keyText()))
        .updateExpression(expression.update(write.attributes()))
        .conditionExpression(expression.condition(write.put(), time.millis()))
        .expressionAttributeNames(expression.names())
        .expressionAttributeValues(expression.values())
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
        .build();
  }

  private DeleteItemRequest deletion(ItemWrite write, AwsRequestOverrideConfiguration limits) {
    return DeleteItemRequest.builder()
        .overrideConfiguration(limits)
        .tableName(layout.table())
        .key(layout.key(write.keyText()))
        .build();
  }

  private Map<String, AttributeValue> item(ItemWrite write) {
    var item = new HashMap<>(write.attributes());
    item.put(layout.keyAttribute(), layout.keyValue(write.keyText()));
    return item;
  }
}
