package dev.tiercel.dynamo;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.dynamo.Items.ItemWrite;
import dev.tiercel.error.CodecFailure;
import dev.tiercel.error.InvalidRequest;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Throttled;
import dev.tiercel.error.Where;
import dev.tiercel.time.Version;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Writes items: each by itself under its condition, or, where there are several without one and
 * their items may be replaced whole, those together with BatchWriteItem. The futures never fail,
 * they may only be cancelled.
 */
record Writes(Calls calls, Layout layout, Items items, Rounds rounds, Turns turns, Place place) {

  CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    return Stay.during(context.occupancy(), stay -> new Call(request, context, stay).run());
  }

  /** One write on its way. */
  private final class Call {

    private final WriteRequest request;
    private final CallContext context;
    private final Stay stay;

    /** By index of the mutation. */
    private final List<CompletableFuture<WriteOutcome>> outcomes = new ArrayList<>();

    private Call(WriteRequest request, CallContext context, Stay stay) {
      this.request = request;
      this.context = context;
      this.stay = stay;
    }

    private CompletableFuture<WriteResult> run() {
      var count = request.mutations().size();
      if (count > Layout.MAX_WRITE_MUTATIONS) {
        return CompletableFuture.completedFuture(WriteResult.failed(count, tooMany(count)));
      }
      var single = new ArrayList<ItemWrite>();
      var bulk = new ArrayList<ItemWrite>();
      for (var index = 0; index < count; index++) {
        outcomes.add(new CompletableFuture<>());
        sort(index, single, bulk);
      }
      if (bulk.size() == 1) {
        single.addAll(bulk);
        bulk.clear();
      }
      var sent = new ArrayList<CompletableFuture<?>>();
      single.forEach(write -> sent.add(putOne(write)));
      if (!bulk.isEmpty()) {
        sent.add(putMany(bulk));
      }
      var whole = CompletableFuture.allOf(outcomes.toArray(CompletableFuture<?>[]::new))
          .thenApply(done ->
              new WriteResult(outcomes.stream().map(CompletableFuture::join).toList()));
      // From the last: what waits must have left before what runs makes room for it.
      Collections.reverse(sent);
      Completions.passCancel(whole, sent);
      return whole;
    }

    private void sort(int index, List<ItemWrite> single, List<ItemWrite> bulk) {
      var mutation = request.mutations().get(index);
      try {
        var write = items.checked(index, request.keyspace(), mutation);
        (layout.ownsItems() && mutation.condition() instanceof Condition.Always ? bulk : single)
            .add(write);
      } catch (IllegalArgumentException refused) {
        fail(index, new InvalidRequest(String.valueOf(refused.getMessage()), where(), null));
      }
    }

    private CompletableFuture<?> putOne(ItemWrite write) {
      var sent = turns.run(
          where(),
          context.deadline(),
          () -> calls.send(
              where(),
              context.deadline(),
              stay,
              (client, limits) -> items.send(write, client, limits)));
      Completions.onEnd(sent, (response, failure) -> {
        if (failure == null) {
          stored(write);
        } else {
          outcomes.get(write.index()).complete(refusal(Completions.cause(failure)));
        }
      });
      return sent;
    }

    private WriteOutcome refusal(Throwable failure) {
      if (!(failure instanceof ConditionalCheckFailedException refused)) {
        return new WriteOutcome.Failed(Failures.ofWrite(failure, where()));
      }
      if (!refused.hasItem()) {
        return new WriteOutcome.Rejected(Version.NONE);
      }
      try {
        var item = new Item(refused.item());
        // Read as a whole: nobody is to decide by the version of an item that cannot be read.
        return new WriteOutcome.Rejected(layout.entry(item).version());
      } catch (MalformedItem malformed) {
        return new WriteOutcome.Failed(
            new CodecFailure(String.valueOf(malformed.getMessage()), where(), null));
      }
    }

    private CompletableFuture<?> putMany(List<ItemWrite> all) {
      var writing = rounds.run(all, context.deadline(), round -> {
        var turn = turns.run(where(), context.deadline(), () -> putRound(round));
        return Cancels.pass(
            turn.handle((left, failure) -> failure == null ? left : failed(round, failure)), turn);
      });
      Completions.onEnd(writing, (left, failure) -> {
        if (left != null) {
          left.forEach(write -> fail(write.index(), unprocessed()));
        }
      });
      return writing;
    }

    private CompletableFuture<List<ItemWrite>> putRound(List<ItemWrite> round) {
      var requests = round.stream().map(write -> items.unconditional(write)).toList();
      var sent = calls.send(
          where(),
          context.deadline(),
          stay,
          (client, limits) -> client.batchWriteItem(BatchWriteItemRequest.builder()
              .overrideConfiguration(limits)
              .requestItems(Map.of(layout.table(), requests))
              .build()));
      return Cancels.pass(sent.thenApply(response -> left(round, response)), sent);
    }

    /** Acknowledges what was processed and returns what was not. */
    private List<ItemWrite> left(List<ItemWrite> round, BatchWriteItemResponse response) {
      var texts = new HashSet<String>();
      for (var request : response.unprocessedItems().getOrDefault(layout.table(), List.of())) {
        var put = request.putRequest();
        var text = put == null ? null : layout.keyText(put.item());
        if (text != null) {
          texts.add(text);
        }
      }
      round.stream().filter(write -> !texts.contains(write.keyText())).forEach(this::stored);
      return round.stream().filter(write -> texts.contains(write.keyText())).toList();
    }

    private List<ItemWrite> failed(List<ItemWrite> round, Throwable failure) {
      round.forEach(write -> fail(write.index(), Failures.ofWrite(failure, where())));
      return List.of();
    }

    private void stored(ItemWrite write) {
      var version = layout.versioned() ? write.put().entry().version() : Version.NONE;
      outcomes.get(write.index()).complete(new WriteOutcome.Stored(version));
    }

    private void fail(int index, ServingException cause) {
      outcomes.get(index).complete(new WriteOutcome.Failed(cause));
    }

    private Where where() {
      return place.of(request.keyspace(), context);
    }

    /** Why what is left of a batch is left: certainly nothing was done with it. */
    private ServingException unprocessed() {
      return calls.isOpen()
          ? new Throttled("item: left unprocessed by DynamoDB (expected: processed)", where(), null)
          : Calls.closed(where());
    }

    private InvalidRequest tooMany(int count) {
      var what = "mutations: " + count + " (expected: at most " + Layout.MAX_WRITE_MUTATIONS + ")";
      return new InvalidRequest(what, where(), null);
    }
  }
}
