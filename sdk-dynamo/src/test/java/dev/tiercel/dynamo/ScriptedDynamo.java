package dev.tiercel.dynamo;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;

/** A client that sends nothing: a test sees the requests and answers them when it likes. */
final class ScriptedDynamo implements DynamoDbAsyncClient {

  /** A request and the future its caller waits for. */
  record Asked(DynamoDbRequest request, CompletableFuture<Object> answer) {

    BatchGetItemRequest batchGet() {
      return (BatchGetItemRequest) request;
    }

    BatchWriteItemRequest batchWrite() {
      return (BatchWriteItemRequest) request;
    }
  }

  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  List<Asked> asked() {
    return new ArrayList<>(asked);
  }

  /** The request made last, still unanswered. */
  Asked last() {
    return asked.get(asked.size() - 1);
  }

  @SuppressWarnings("unchecked")
  private <T> CompletableFuture<T> ask(DynamoDbRequest request) {
    var call = new Asked(request, new CompletableFuture<>());
    asked.add(call);
    return (CompletableFuture<T>) (CompletableFuture<?>) call.answer();
  }

  @Override
  public CompletableFuture<GetItemResponse> getItem(GetItemRequest request) {
    return ask(request);
  }

  @Override
  public CompletableFuture<BatchGetItemResponse> batchGetItem(BatchGetItemRequest request) {
    return ask(request);
  }

  @Override
  public CompletableFuture<PutItemResponse> putItem(PutItemRequest request) {
    return ask(request);
  }

  @Override
  public CompletableFuture<BatchWriteItemResponse> batchWriteItem(BatchWriteItemRequest request) {
    return ask(request);
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {}
}
