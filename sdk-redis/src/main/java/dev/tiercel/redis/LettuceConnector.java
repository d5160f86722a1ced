package dev.tiercel.redis;

import dev.tiercel.backend.Completions;
import dev.tiercel.time.Time;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.SocketOptions.TcpUserTimeoutOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.event.DefaultEventPublisherOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.EpollProvider;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects through Lettuce clients of its own, with as few threads as Lettuce allows. */
final class LettuceConnector implements Connector {

  private static final Logger LOG = LoggerFactory.getLogger(LettuceConnector.class);

  /** A feed may be asked for the heads of this many keys at once, and some more. */
  private static final int FEED_COMMANDS = 2_000;

  /** Lettuce's least; one connection uses one I/O thread. */
  private static final int THREADS = 2;

  private static final Duration KEEP_ALIVE_IDLE = Duration.ofSeconds(10);
  private static final Duration KEEP_ALIVE_INTERVAL = Duration.ofSeconds(5);
  private static final int KEEP_ALIVE_PROBES = 3;
  private static final Duration END_LIMIT = Duration.ofSeconds(1);

  private final RedisOptions options;
  private final Time time;
  private final Failures failures;
  private final RedisURI uri;
  private final OwnThreads threads = new OwnThreads();
  private final ClientResources resources;
  private final RedisClient client;
  private final RedisClient feedClient;
  private final Predecessors predecessors;
  private final int feedCommands;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  LettuceConnector(RedisOptions options, Time time, Failures failures) {
    this.options = options;
    this.time = time;
    this.failures = failures;
    this.uri = Address.parse(options.uri(), options.connectTimeout());
    this.resources = resources(threads);
    this.client = RedisClient.create(resources);
    // No pushes are wanted on this connection, and every Redis and proxy speaks this version.
    client.setOptions(clientOptions(options, ProtocolVersion.RESP2, options.maxQueuedCommands()));
    this.feedCommands = Math.max(FEED_COMMANDS, options.maxQueuedCommands());
    this.feedClient = RedisClient.create(resources);
    feedClient.setOptions(clientOptions(options, ProtocolVersion.RESP3, feedCommands));
    this.predecessors = new Predecessors(options.connectTimeout(), time);
  }

  @Override
  public CompletableFuture<Link> connect() {
    return connect(client, uri, traffic()).thenCompose(predecessors::introduce);
  }

  /**
   * Connects to another Redis by the same client and its threads, which stay this connector's:
   * closing the other one does nothing.
   */
  Connector to(URI other) {
    return new Other(Address.parse(other, options.connectTimeout()));
  }

  /** Connects for a feed: by the protocol with pushes, and to be dropped after its silence. */
  CompletableFuture<LettuceLink> connectFeed() {
    return connect(feedClient, uri, new Traffic(feedCommands, options.feed().silence(), time));
  }

  /** One of the client's threads; without anything to run it is not even started. */
  Executor thread() {
    return resources.eventExecutorGroup().next();
  }

  private Traffic traffic() {
    return new Traffic(options.maxQueuedCommands(), options.stallLimit(), time);
  }

  private CompletableFuture<LettuceLink> connect(RedisClient by, RedisURI to, Traffic traffic) {
    return by.connectAsync(ByteArrayCodec.INSTANCE, to)
        .toCompletableFuture()
        .thenApply(connection -> new LettuceLink(connection, traffic, failures));
  }

  @Override
  public boolean isOnOwnThread() {
    return threads.areRunningThis();
  }

  @Override
  public void close() {
    if (closing.compareAndSet(false, true)) {
      var millis = END_LIMIT.toMillis();
      var clients = CompletableFuture.allOf(
          client.shutdownAsync(0, millis, TimeUnit.MILLISECONDS),
          feedClient.shutdownAsync(0, millis, TimeUnit.MILLISECONDS));
      Completions.onEnd(
          clients,
          (done, failure) -> resources
              .shutdown(0, millis, TimeUnit.MILLISECONDS)
              .addListener(end -> ended.complete(null)));
    }
    if (isOnOwnThread()) {
      return;
    }
    // Threads may still be started in order to end. Everything has ended when the pools say so and
    // their threads have.
    if (!Ending.await(ended, END_LIMIT.multipliedBy(2)) || !threads.await(END_LIMIT)) {
      LOG.warn("redis: client has not ended after {} (expected: before)", END_LIMIT);
    }
  }

  /** Nothing is written there, so nothing that was left in the network can do harm. */
  private final class Other implements Connector {
    private final RedisURI uri;

    Other(RedisURI uri) {
      this.uri = uri;
    }

    @Override
    public CompletableFuture<Link> connect() {
      return LettuceConnector.this.connect(client, uri, traffic()).thenApply(link -> link);
    }

    @Override
    public boolean isOnOwnThread() {
      return LettuceConnector.this.isOnOwnThread();
    }

    @Override
    public void close() {}
  }

  private static ClientResources resources(OwnThreads threads) {
    return ClientResources.builder()
        .ioThreadPoolSize(THREADS)
        .computationThreadPoolSize(THREADS)
        .threadFactoryProvider(threads)
        .commandLatencyRecorder(CommandLatencyRecorder.disabled())
        .commandLatencyPublisherOptions(DefaultEventPublisherOptions.disabled())
        .build();
  }

  private static ClientOptions clientOptions(
      RedisOptions options, ProtocolVersion protocol, int mostCommands) {
    return ClientOptions.builder()
        // Commands are never sent a second time, so whoever reconnects must not hold any: see
        // Links.
        .autoReconnect(false)
        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
        // A second bound behind that of Traffic, which counts more exactly and refuses first.
        .requestQueueSize(mostCommands)
        // The deadline of a call is kept above; its end cancels the commands.
        .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
        .protocolVersion(protocol)
        .maintNotificationsConfig(MaintNotificationsConfig.disabled())
        .socketOptions(socketOptions(options))
        .build();
  }

  private static SocketOptions socketOptions(RedisOptions options) {
    return SocketOptions.builder()
        .connectTimeout(options.connectTimeout())
        .keepAlive(KeepAliveOptions.builder()
            .enable()
            .idle(KEEP_ALIVE_IDLE)
            .interval(KEEP_ALIVE_INTERVAL)
            .count(KEEP_ALIVE_PROBES)
            .build())
        // Only the native transport can set it; without it Lettuce would refuse to connect.
        .tcpUserTimeout(TcpUserTimeoutOptions.builder()
            .enable(EpollProvider.isAvailable())
            .tcpUserTimeout(options.stallLimit())
            .build())
        .build();
  }
}
