package dev.tiercel.testing.region;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsAsyncClient;

/** Reads what the stream of a region's table tells. Used by one thread at a time. */
final class StreamReader {

  private static final int MOST_READS = 20;

  private final DynamoDbStreamsAsyncClient client;
  private final int region;
  private final String table;
  private final String stream;
  private final LongSupplier nanos;
  private final Map<String, StreamShard> shards = new LinkedHashMap<>();
  private boolean askForShards = true;
  private volatile long completeNanos;

  /**
   * Reads nothing yet.
   *
   * @param sinceNanos the stream tells of nothing that was done before this
   */
  StreamReader(
      Replica replica,
      int region,
      String table,
      String stream,
      long sinceNanos,
      LongSupplier nanos) {
    client = replica.streams();
    this.region = region;
    this.table = table;
    this.stream = stream;
    this.nanos = nanos;
    completeNanos = sinceNanos;
  }

  int region() {
    return region;
  }

  String table() {
    return table;
  }

  /** Every change that was made until this moment has been told. */
  long completeNanos() {
    return completeNanos;
  }

  /**
   * Reads what is new, of each item in the order it was done; perhaps not all of it.
   *
   * @param changes where to add it, also as much as was told before a failure: it is told once
   * @throws software.amazon.awssdk.core.exception.SdkException if the stream does not answer
   */
  void read(List<Change> changes) {
    if (askForShards || shards.values().stream().allMatch(StreamShard::isFinished)) {
      findShards();
    }
    for (var shard : List.copyOf(shards.values())) {
      if (!shard.isFinished() && isNext(shard)) {
        read(shard, changes);
      }
    }
    completeNanos = shards.values().stream()
        .filter(shard -> !shard.isFinished())
        .mapToLong(StreamShard::completeNanos)
        .min()
        .orElse(completeNanos);
  }

  private void read(StreamShard shard, List<Change> changes) {
    for (int reads = 0; reads < MOST_READS && !shard.isFinished(); reads++) {
      var told = shard.read();
      askForShards |= shard.isFinished();
      if (told.records().isEmpty()) {
        return;
      }
      told.records().forEach(each -> changes.add(change(each, told)));
    }
  }

  private Change change(Record told, StreamShard.Told answer) {
    var item = told.dynamodb();
    return new Change(
        new ItemKey(table, item.keys()),
        image(item.hasOldImage() ? item.oldImage() : null),
        image(item.hasNewImage() ? item.newImage() : null),
        answer.sinceNanos(),
        answer.untilNanos());
  }

  private static Image image(@Nullable Map<String, AttributeValue> attributes) {
    return attributes == null ? Image.NONE : new Image(attributes);
  }

  /** Children come after their parents: an item may have changed in both. */
  private boolean isNext(StreamShard shard) {
    var parent = shard.parent() == null ? null : shards.get(shard.parent());
    return parent == null || parent.isFinished();
  }

  private void findShards() {
    askForShards = false;
    @Nullable String last = null;
    do {
      var from = last;
      var found = Replica.answer(client.describeStream(
              describe -> describe.streamArn(stream).exclusiveStartShardId(from)))
          .streamDescription();
      found.shards().forEach(this::add);
      last = found.lastEvaluatedShardId();
    } while (last != null);
  }

  private void add(Shard shard) {
    var since = completeNanos;
    shards.computeIfAbsent(
        shard.shardId(), id -> new StreamShard(client, stream, shard, since, nanos));
  }
}
