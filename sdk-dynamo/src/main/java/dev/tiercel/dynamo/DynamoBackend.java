package dev.tiercel.dynamo;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.time.SystemTime;
import dev.tiercel.time.Time;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * A DynamoDB table as a source of record.
 *
 * <ul>
 *   <li>One key is read with GetItem, up to 100 with one BatchGetItem; what DynamoDB leaves
 *       unprocessed is asked for again, and nothing else, as long as each round gets something
 *       done, five times at most. Reads are consistent unless
 *       {@link DynamoOptions#eventualReads(boolean)} says otherwise.
 *   <li>A write under a condition is one conditional request per item, so many at once as
 *       {@link DynamoOptions#maxConcurrentWrites()} says. Several writes of one request under
 *       {@link dev.tiercel.backend.Condition.Always}, to a managed table, go out together as
 *       BatchWriteItem.
 *   <li>Expired items are absent, although DynamoDB removes them days late.
 *   <li>Nothing is retried here, and the SDK's own retries are off: a request that fails, fails. A
 *       write whose outcome is unknown is told as such.
 *   <li>An item that is not of the table's layout fails its key with {@code CodecFailure}.
 * </ul>
 *
 * <p>A cancelled call ends at once, and so do its pauses and the writes that wait for their turn.
 * What has been sent is not taken back: its connection is free for others when the answer comes, or
 * at the call's deadline, and so long the context's {@link dev.tiercel.backend.Occupancy} counts
 * it.
 *
 * <p>Both verbs return without blocking. Credentials are looked up on a thread of their own; until
 * they are there, calls wait for them, so many as may wait for a connection and each until its
 * deadline. With a client the service brings along, the client's provider may block the caller. The
 * futures complete on an I/O or timer thread, or on the one of the credentials. Thread-safe.
 */
public final class DynamoBackend implements Backend {

  private final Layout layout;
  private final Place place;
  private final TableCreation creation;
  private final Calls calls;
  private final Turns turns;
  private final Rounds rounds;
  private final Reads reads;
  private final Writes writes;
  private final Runnable release;

  /**
   * Puts the parts together.
   *
   * @param credentials whether the client can sign, see {@link Credentials#ready()}
   * @param backoff between the rounds of a batch
   * @param release what to do last when closing, once
   */
  DynamoBackend(
      DynamoDbAsyncClient client,
      Supplier<CompletableFuture<?>> credentials,
      DynamoOptions options,
      DynamoTable table,
      Time time,
      Backoff backoff,
      Runnable release) {
    this.layout = Layout.of(table);
    this.place = new Place(options.region().id());
    this.calls = new Calls(client, credentials, options.maxPendingConnections(), time);
    this.creation = new TableCreation(client, layout, place);
    this.turns = new Turns(options.maxConcurrentWrites(), options.maxQueuedWrites(), time);
    this.rounds = new Rounds(time, backoff);
    this.reads = new Reads(calls, layout, rounds, time, place, options.eventualReads());
    this.writes = new Writes(calls, layout, new Items(layout, time), rounds, turns, place);
    this.release = release;
  }

  /**
   * A backend with a client, clocks and threads of its own, all of which it closes.
   *
   * @param options how to reach DynamoDB
   * @param table the table
   */
  public static DynamoBackend create(DynamoOptions options, DynamoTable table) {
    var time = new SystemTime("tiercel-dynamodb-timer");
    var client = OwnClient.open(options, time);
    return backend(
        client.dynamo(),
        client.credentials()::ready,
        options,
        table,
        time,
        () -> closeBoth(client, time));
  }

  /**
   * A backend with a client of its own, which it closes.
   *
   * @param options how to reach DynamoDB
   * @param table the table
   * @param time the clocks and timers; not closed
   */
  public static DynamoBackend create(DynamoOptions options, DynamoTable table, Time time) {
    var client = OwnClient.open(options, time);
    return backend(
        client.dynamo(), client.credentials()::ready, options, table, time, client::close);
  }

  /**
   * A backend with a client the service owns and closes. Connections, endpoint and credentials are
   * the client's; the SDK asks its credentials provider on the thread that makes a call, so one
   * that does I/O blocks callers, at first and at every renewal.
   *
   * @param shared its retries must be off
   *     ({@code retryStrategy(DefaultRetryStrategy.doNotRetry())}): a repeated conditional write
   *     meets its own first attempt and would be told as refused, and two layers of retries
   *     multiply. It must have {@link #requireBodies()} among its interceptors
   * @param options of which only the region and what concerns reads and writes is used
   * @param table the table
   * @param time the clocks and timers; not closed
   * @throws IllegalArgumentException if the client retries or lacks the interceptor
   */
  public static DynamoBackend over(
      DynamoDbAsyncClient shared, DynamoOptions options, DynamoTable table, Time time) {
    OwnClient.requireNoRetries(shared);
    OwnClient.requireBodies(shared);
    return backend(shared, () -> Credentials.READY, options, table, time, () -> {});
  }

  /**
   * What a client must have that is given to {@link #over}: {@code overrideConfiguration(override
   * -> override.addExecutionInterceptor(DynamoBackend.requireBodies()))}.
   *
   * <p>It fails a successful answer without a body. The SDK takes nothing at all, which is also
   * what it sees of a transfer that breaks before its first byte, for an answer without fields: a
   * read would be told as a miss and a write as stored, and neither is known. DynamoDB itself
   * always answers at least {@code {}}, so other users of the client notice nothing. Stateless and
   * thread-safe; it may be shared by clients.
   */
  public static ExecutionInterceptor requireBodies() {
    return new BodyRequired();
  }

  private static DynamoBackend backend(
      DynamoDbAsyncClient client,
      Supplier<CompletableFuture<?>> credentials,
      DynamoOptions options,
      DynamoTable table,
      Time time,
      Runnable release) {
    var backoff = Backoff.defaults(() -> ThreadLocalRandom.current().nextDouble());
    return new DynamoBackend(client, credentials, options, table, time, backoff, release);
  }

  private static void closeBoth(OwnClient client, SystemTime time) {
    try (time) {
      client.close();
    }
  }

  /**
   * Creates the managed table, billed by request and with a TTL, if it is not there, and waits
   * until it is active. For development and tests, and for services that may create tables;
   * harmless when several do it at once. Not bound by a call's deadline: it takes seconds, and
   * gives up after five minutes.
   *
   * @return completes with null; fails with {@code InvalidRequest} if the table is mapped or has
   *     another key than a managed one, with another {@code ServingException} if DynamoDB refuses
   */
  public CompletableFuture<@Nullable Void> createTable() {
    return creation.run(calls.ready(place.outsideOfCalls()));
  }

  @Override
  public String name() {
    return Place.NAME;
  }

  @Override
  public String region() {
    return place.region();
  }

  @Override
  public Capabilities capabilities() {
    return layout.capabilities();
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    return reads.read(request, context);
  }

  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    return writes.write(request, context);
  }

  /**
   * Ends what is on its way, reads with {@code Unavailable} and writes that were sent with
   * {@code OutcomeUnknown}, and releases the client's connections and threads if they are its own.
   * A second call does nothing. Not to be called on an I/O thread.
   */
  @Override
  public void close() {
    if (calls.close()) {
      turns.close(place.outsideOfCalls());
      rounds.close();
      release.run();
    }
  }
}
