package dev.tiercel.redis;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Feed;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.Replica;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.error.Where;
import dev.tiercel.time.SystemTime;
import dev.tiercel.time.Time;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A standalone Redis as a shared cache: keeps entries in their
 * {@linkplain dev.tiercel.codec.Envelope envelopes}, with versions, tombstones and leases, keeps
 * the barriers of groups, decides each mutation in one atomic script, and tells of changes.
 *
 * <p>It uses one connection for calls and does its own reconnecting: nothing that was sent is ever
 * sent again, and before a connection takes another's place it has Redis (6.2 and later) end that
 * one, so that nothing stuck in the network is run later. A {@linkplain FeedOptions feed} uses
 * another connection, from the first follower to the last, and each
 * {@linkplain RedisOptions#replicas(java.util.List) replica} one of its own. Without a connection
 * calls fail with {@link dev.tiercel.error.Unavailable} until Redis is back; writes that were on
 * their way when it was lost fail with {@link dev.tiercel.error.OutcomeUnknown}. Deadlines are kept
 * by cancelling the returned futures, which the pipeline does; a connection that has fallen silent
 * is replaced.
 *
 * <p>Redis 5 and later will do without a feed; a feed needs 6 and later in either mode, since its
 * connection speaks RESP3. It needs no persistence, but memory, and a fitting
 * {@code maxmemory-policy}. Tombstones, the versions of entries that are over, leases, the marks
 * that hold keys off and barriers are ordinary keys with a time to live, and what protects the
 * values:
 *
 * <ul>
 *   <li>{@code noeviction} keeps them all; in a full Redis writes and leases fail with
 *       {@code Unavailable}.
 *   <li>{@code allkeys-lru} and {@code allkeys-lfu} are safe with room: as long as what was written
 *       in the last few seconds is not evicted.
 *   <li>{@code volatile-*} is not safe, above all {@code volatile-ttl}, which evicts just these
 *       keys first; nor is {@code allkeys-random}.
 * </ul>
 *
 * <p>Whatever Redis loses, by eviction, restart or failing over, an older value may be cached
 * again, and be served until it is as old as the keyspace's {@code maxStaleness}, and no longer.
 * Thread-safe.
 */
public final class RedisBackend implements Backend {

  private static final Logger LOG = LoggerFactory.getLogger(RedisBackend.class);
  private static final String NAME = "redis";
  private static final byte[] NOWHERE = {};
  private static final int MAX_KEYS = 1000;
  private static final int MAX_KEY_BYTES = 4096;
  static final Duration END_LIMIT = Duration.ofSeconds(1);

  final RedisOptions options;
  final Time time;
  final Failures failures;
  private final Capabilities capabilities;
  private final RandomGenerator tokens;
  private final Connector connector;
  private final Links links;
  private final @Nullable Pulse pulse;
  private final List<RedisReplica> replicas;
  private final @Nullable RedisFeed feed;
  private final Runnable afterClose;

  private RedisBackend(RedisOptions options, Time time, Runnable afterClose) {
    this.options = options;
    this.time = time;
    this.afterClose = afterClose;
    this.failures = new Failures(Where.at(NAME, options.region()));
    this.capabilities = capabilities(options);
    this.tokens = new SecureRandom();
    var lettuce = new LettuceConnector(options, time, failures);
    this.connector = lettuce;
    this.links = links(connector);
    this.pulse = options.replicas().addresses().isEmpty()
        ? null
        : new Pulse(nextToken(), links, options.replicas().maxLag(), time);
    this.replicas = replicas(lettuce, pulse);
    this.feed = options.feed().mode() == FeedOptions.Mode.NONE
        ? null
        : new RedisFeed(
            options.feed(),
            lettuce::connectFeed,
            lettuce.thread(),
            failures,
            time,
            new SecureRandom());
  }

  /**
   * A backend on the system's clock. Connects in the background; that Redis is down shows in the
   * calls, not here.
   *
   * @param options which Redis
   */
  public static RedisBackend connect(RedisOptions options) {
    var time = new SystemTime("tiercel-redis-time");
    return connected(new RedisBackend(options, time, time::close));
  }

  /**
   * A backend on another clock, by which its entries expire. Connects in the background.
   *
   * @param options which Redis
   * @param time the clock; it is not closed with the backend
   */
  public static RedisBackend connect(RedisOptions options, Time time) {
    Objects.requireNonNull(time, "time");
    return connected(new RedisBackend(options, time, () -> {}));
  }

  private static RedisBackend connected(RedisBackend backend) {
    backend.links.warmUp();
    backend.replicas.forEach(RedisReplica::warmUp);
    return backend;
  }

  private Links links(Connector by) {
    return new Links(
        by, Backoff.defaults(), options.maxQueuedCommands(), failures, time, new SecureRandom());
  }

  private List<RedisReplica> replicas(LettuceConnector lettuce, @Nullable Pulse pulse) {
    return pulse == null
        ? List.of()
        : options.replicas().addresses().stream()
            .map(address -> new RedisReplica(this, links(lettuce.to(address)), pulse))
            .toList();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String region() {
    return options.region();
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  /**
   * All keys in one round to Redis; one more if barriers have been raised that the reader does not
   * know, and one more if leases are asked for and keys are missing.
   */
  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    if (pulse != null) {
      // Before a replica is asked, or it could not show how close it is when it is.
      pulse.keepUp();
    }
    return new RedisRead(this, request, context.occupancy()).run(links);
  }

  /** All mutations in one round to Redis. */
  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    return new RedisWrite(this, request, context.occupancy()).run(links);
  }

  /** Empty in the mode without one; the first follower opens its connection. */
  @Override
  public Optional<Feed> feed() {
    return Optional.ofNullable(feed);
  }

  /**
   * One for each of {@link RedisOptions#replicas()}, read by a connection of its own. Each shows by
   * a small key, which this backend keeps writing into the primary while it is read, that it lags
   * behind no further than allowed; else its keys fail with {@link dev.tiercel.error.Unavailable}.
   */
  @Override
  public List<Replica> replicas() {
    var maxLag = options.replicas().maxLag();
    var addresses = options.replicas().addresses();
    return IntStream.range(0, replicas.size())
        .mapToObj(index ->
            new Replica(replicas.get(index), maxLag, options.replicas().zone(addresses.get(index))))
        .toList();
  }

  /**
   * Ends the connections and their threads, and returns when they are gone; from a callback of a
   * call, which may run on one of them, at once.
   */
  @Override
  public void close() {
    if (feed != null) {
      endFeed(feed);
    }
    if (pulse != null) {
      pulse.end();
    }
    // Together no longer than one.
    var limit = END_LIMIT.dividedBy(Math.max(1, replicas.size()));
    replicas.forEach(each -> each.close(limit));
    // Then the link, so that what is on its way has its outcome before the threads end.
    links.close(END_LIMIT);
    connector.close();
    afterClose.run();
  }

  private void endFeed(RedisFeed ending) {
    var end = ending.close();
    if (!connector.isOnOwnThread() && !Ending.await(end, END_LIMIT)) {
      LOG.warn("redis: feed has not ended after {} (expected: before)", END_LIMIT);
    }
  }

  /** Where to publish a keyspace's changes, empty for nowhere. */
  byte[] channel(String keyspace) {
    return options.feed().mode() == FeedOptions.Mode.PUBLISH ? KeyNames.channel(keyspace) : NOWHERE;
  }

  /** A token nobody else has or can guess. */
  long nextToken() {
    long token;
    do {
      token = tokens.nextLong();
    } while (token == 0);
    return token;
  }

  private static Capabilities capabilities(RedisOptions options) {
    // A request must fit into the queue, or it could never be sent.
    var most = Math.min(MAX_KEYS, options.maxQueuedCommands());
    return new Capabilities(
        most,
        most,
        MAX_KEY_BYTES,
        options.maxValueBytes(),
        EnumSet.complementOf(EnumSet.of(Feature.HEDGED_READS)));
  }
}
