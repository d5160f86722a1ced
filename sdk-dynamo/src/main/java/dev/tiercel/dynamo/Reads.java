package dev.tiercel.dynamo;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.error.CodecFailure;
import dev.tiercel.error.InvalidRequest;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Throttled;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.time.Time;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/**
 * Reads items: one key with GetItem, more with BatchGetItem. The futures never fail, they may only
 * be cancelled.
 */
record Reads(Calls calls, Layout layout, Rounds rounds, Time time, Place place, boolean eventual) {

  CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    return Stay.during(context.occupancy(), stay -> new Call(request, context, stay).run());
  }

  /** One read on its way. Each of its steps runs on the thread that completed the one before. */
  private final class Call {

    private final ReadRequest request;
    private final CallContext context;
    private final Stay stay;
    private final boolean consistent;

    /** By index of the key; null until it is known. */
    private final @Nullable ReadOutcome[] outcomes;

    /** The index of each key that is asked for, by the text of the key attribute. */
    private final Map<String, Integer> indexes = new HashMap<>();

    private Call(ReadRequest request, CallContext context, Stay stay) {
      this.request = request;
      this.context = context;
      this.stay = stay;
      this.outcomes = new ReadOutcome[request.keys().size()];
      var freshness = request.freshness();
      // A version somebody was handed has been acknowledged; only a consistent read is sure to see
      // it.
      this.consistent = !eventual || freshness.consistent() || freshness.atLeast() > 0;
    }

    private CompletableFuture<ReadResult> run() {
      if (outcomes.length > Layout.MAX_READ_KEYS) {
        return CompletableFuture.completedFuture(ReadResult.failed(outcomes.length, tooMany()));
      }
      for (var index = 0; index < outcomes.length; index++) {
        want(index);
      }
      if (indexes.isEmpty()) {
        return CompletableFuture.completedFuture(result());
      }
      return indexes.size() == 1 ? getOne() : getMany();
    }

    /** One key no table can have must not fail the request of the others. */
    private void want(int index) {
      try {
        indexes.put(layout.keyText(request.keyspace(), request.keys().get(index)), index);
      } catch (IllegalArgumentException refused) {
        fail(index, new InvalidRequest(String.valueOf(refused.getMessage()), where(), null));
      }
    }

    private CompletableFuture<ReadResult> getOne() {
      var text = indexes.keySet().iterator().next();
      var expression = new Expression(layout);
      var projection = expression.projection(layout.readAttributes());
      var sent = calls.send(
          where(),
          context.deadline(),
          stay,
          (client, limits) -> client.getItem(GetItemRequest.builder()
              .overrideConfiguration(limits)
              .tableName(layout.table())
              .key(layout.key(text))
              .consistentRead(consistent)
              .projectionExpression(projection)
              .expressionAttributeNames(expression.names())
              .build()));
      return Cancels.pass(
          sent.handle((response, failure) -> gotOne(text, response, failure)), sent);
    }

    private ReadResult gotOne(
        String text, @Nullable GetItemResponse response, @Nullable Throwable failure) {
      if (failure != null) {
        fail(index(text), Failures.ofRead(failure, where()));
      } else if (response != null && response.hasItem()) {
        outcomes[index(text)] = outcome(new Item(response.item()));
      }
      return result();
    }

    private CompletableFuture<ReadResult> getMany() {
      var reading = rounds.run(List.copyOf(indexes.keySet()), context.deadline(), this::getRound);
      return Cancels.pass(reading.thenApply(this::gotMany), reading);
    }

    private ReadResult gotMany(List<String> left) {
      left.forEach(text -> fail(index(text), unprocessed()));
      return result();
    }

    private CompletableFuture<List<String>> getRound(List<String> texts) {
      var expression = new Expression(layout);
      var ask = KeysAndAttributes.builder()
          .keys(texts.stream().map(layout::key).toList())
          .consistentRead(consistent)
          .projectionExpression(expression.projection(layout.keyAndReadAttributes()))
          .expressionAttributeNames(expression.names())
          .build();
      var sent = calls.send(
          where(),
          context.deadline(),
          stay,
          (client, limits) -> client.batchGetItem(BatchGetItemRequest.builder()
              .overrideConfiguration(limits)
              .requestItems(Map.of(layout.table(), ask))
              .build()));
      return Cancels.pass(
          sent.handle((response, failure) -> gotRound(texts, response, failure)), sent);
    }

    /** Sorts a round's answer and returns what it left unprocessed. */
    private List<String> gotRound(
        List<String> texts, @Nullable BatchGetItemResponse response, @Nullable Throwable failure) {
      if (failure != null || response == null) {
        var cause = Failures.ofRead(
            failure == null ? new NullPointerException("response") : failure, where());
        texts.forEach(text -> fail(index(text), cause));
        return List.of();
      }
      var missing = new HashSet<>(texts);
      var strays = 0;
      for (var item : response.responses().getOrDefault(layout.table(), List.of())) {
        var text = layout.keyText(item);
        if (text != null && missing.remove(text)) {
          outcomes[index(text)] = outcome(new Item(item));
        } else {
          strays++;
        }
      }
      var left = unprocessed(response);
      left.retainAll(missing);
      missing.removeAll(left);
      if (strays > 0) {
        // An item nobody asked for may be one of the missing, garbled: an error, which is not a
        // miss.
        missing.forEach(text -> fail(index(text), garbled()));
      }
      return List.copyOf(left);
    }

    private Set<String> unprocessed(BatchGetItemResponse response) {
      var texts = new HashSet<String>();
      var keys = response.unprocessedKeys().get(layout.table());
      for (Map<String, AttributeValue> key :
          keys == null ? List.<Map<String, AttributeValue>>of() : keys.keys()) {
        var text = layout.keyText(key);
        if (text != null) {
          texts.add(text);
        }
      }
      return texts;
    }

    private ReadOutcome outcome(Item item) {
      try {
        var entry = layout.entry(item);
        if (entry.isExpiredAt(time.millis())) {
          return ReadOutcome.Absent.unknown(place.origin());
        }
        return entry.isTombstone()
            ? ReadOutcome.Absent.deleted(entry, place.origin())
            : new ReadOutcome.Found(entry, place.origin());
      } catch (MalformedItem malformed) {
        return new ReadOutcome.Failed(
            new CodecFailure(String.valueOf(malformed.getMessage()), where(), null));
      }
    }

    /** What was asked for, answered without an error, and is not there, is absent. */
    private ReadResult result() {
      return new ReadResult(Arrays.stream(outcomes)
          .map(outcome -> outcome == null ? ReadOutcome.Absent.unknown(place.origin()) : outcome)
          .toList());
    }

    private void fail(int index, ServingException cause) {
      outcomes[index] = new ReadOutcome.Failed(cause);
    }

    private int index(String text) {
      return Objects.requireNonNull(indexes.get(text), "index");
    }

    private Where where() {
      return place.of(request.keyspace(), context);
    }

    /** Why what is left of a batch is left: certainly nothing was done with it. */
    private ServingException unprocessed() {
      return calls.isOpen()
          ? new Throttled("key: left unprocessed by DynamoDB (expected: processed)", where(), null)
          : Calls.closed(where());
    }

    private Unavailable garbled() {
      return new Unavailable(
          "DynamoDB: an item nobody asked for (expected: the keys asked for)", where(), null);
    }

    private InvalidRequest tooMany() {
      var what = "keys: " + outcomes.length + " (expected: at most " + Layout.MAX_READ_KEYS + ")";
      return new InvalidRequest(what, where(), null);
    }
  }
}
