package dev.tiercel.testing.region;

import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsAsyncClient;

/** A part of a stream, read from its beginning. Used by one thread at a time. */
final class StreamShard {

  private final DynamoDbStreamsAsyncClient client;
  private final String stream;
  private final Shard shard;
  private final LongSupplier nanos;
  private @Nullable String iterator;
  private @Nullable String lastSequence;
  private long completeNanos;
  private boolean finished;

  /** What was told in one answer, and not before the moment. */
  record Told(List<Record> records, long sinceNanos, long untilNanos) {}

  /**
   * Begins at the beginning.
   *
   * @param sinceNanos nothing in it was done before this
   */
  StreamShard(
      DynamoDbStreamsAsyncClient client,
      String stream,
      Shard shard,
      long sinceNanos,
      LongSupplier nanos) {
    this.client = client;
    this.stream = stream;
    this.shard = shard;
    this.nanos = nanos;
    completeNanos = sinceNanos;
  }

  @Nullable
  String parent() {
    return shard.parentShardId();
  }

  /** Whether it has told everything and will never tell more. */
  boolean isFinished() {
    return finished;
  }

  /** Everything that was in it at this moment has been told. */
  long completeNanos() {
    return completeNanos;
  }

  /** Asks once. Nothing told means that nothing was there when it was asked. */
  Told read() {
    var asked = nanos.getAsLong();
    var answer = ask();
    var records = answer.records();
    var told = new Told(records, completeNanos, nanos.getAsLong());
    if (records.isEmpty()) {
      completeNanos = asked;
    } else {
      lastSequence = records.get(records.size() - 1).dynamodb().sequenceNumber();
    }
    iterator = answer.nextShardIterator();
    finished = iterator == null;
    return told;
  }

  private GetRecordsResponse ask() {
    var from = iterator == null ? begin() : iterator;
    try {
      return Replica.answer(client.getRecords(get -> get.shardIterator(from)));
    } catch (ExpiredIteratorException | TrimmedDataAccessException again) {
      iterator = null;
      throw again;
    }
  }

  private String begin() {
    var type = lastSequence == null
        ? ShardIteratorType.TRIM_HORIZON
        : ShardIteratorType.AFTER_SEQUENCE_NUMBER;
    return Replica.answer(client.getShardIterator(get -> get.streamArn(stream)
            .shardId(shard.shardId())
            .shardIteratorType(type)
            .sequenceNumber(lastSequence)))
        .shardIterator();
  }
}
