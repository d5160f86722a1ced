package dev.tiercel.dynamo;

import dev.tiercel.time.Time;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * A client with I/O threads of its own.
 *
 * @param dynamo the SDK's client
 * @param threads its I/O threads. The SDK would close threads it made itself, but takes two seconds
 *     of silence to do so.
 * @param credentials what it signs with; a call must wait until they are ready
 */
record OwnClient(DynamoDbAsyncClient dynamo, SdkEventLoopGroup threads, Credentials credentials)
    implements AutoCloseable {

  /**
   * Closing a connection goes back and forth between its own thread and its pool's this often, and
   * some.
   */
  private static final int SWEEPS = 5;

  /**
   * A thread ends when it has had nothing to do for so long. Netty looks every 100 ms, and threads
   * must not miss each other.
   */
  private static final Duration QUIET = Duration.ofMillis(250);

  private static final Duration MAX_CLOSING = Duration.ofSeconds(5);

  static OwnClient open(DynamoOptions options, Time time) {
    var credentials = Credentials.of(options, time);
    var threads = threads(options.region().id());
    var builder = DynamoDbAsyncClient.builder()
        .region(options.region())
        .credentialsProvider(credentials)
        .httpClientBuilder(http(options, threads))
        // One layer retries, and it is not this one: it would retry writes of unknown outcome, and
        // outside of the budget.
        .overrideConfiguration(override -> override
            .retryStrategy(DefaultRetryStrategy.doNotRetry())
            .addExecutionInterceptor(new BodyRequired())
            .addExecutionInterceptor(new CredentialsRefused(credentials)))
        .asyncConfiguration(async -> async.advancedOption(
            SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR,
            afterResponse(threads.eventLoopGroup())));
    var endpoint = options.endpoint();
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    return new OwnClient(builder.build(), threads, credentials);
  }

  private static NettyNioAsyncHttpClient.Builder http(
      DynamoOptions options, SdkEventLoopGroup threads) {
    return NettyNioAsyncHttpClient.builder()
        .eventLoopGroup(threads)
        .maxConcurrency(options.maxConnections())
        .maxPendingConnectionAcquires(options.maxPendingConnections())
        .connectionTimeout(options.connectTimeout())
        .tlsNegotiationTimeout(options.connectTimeout())
        .connectionAcquisitionTimeout(options.connectTimeout())
        .tcpKeepAlive(true);
  }

  private static SdkEventLoopGroup threads(String region) {
    var count = new AtomicInteger();
    return SdkEventLoopGroup.builder()
        .numberOfThreads(Math.max(2, Runtime.getRuntime().availableProcessors()))
        .threadFactory(task -> {
          var thread =
              new Thread(task, "tiercel-dynamodb-" + region + "-" + count.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        })
        .build();
  }

  /**
   * Futures complete on the I/O thread: what follows is Tiercel's own and short, and saves a queue
   * and a hop. But not at once: a future that fails cancels its request, and as long as the thread
   * is not done with the response, that closes a good connection under the feet of whoever gets it
   * next.
   */
  private static Executor afterResponse(EventLoopGroup threads) {
    return task -> {
      for (var thread : threads) {
        if (thread.inEventLoop()) {
          thread.execute(task);
          return;
        }
      }
      task.run();
    };
  }

  /** Refuses a client that would repeat requests by itself. */
  static void requireNoRetries(DynamoDbAsyncClient client) {
    client
        .serviceClientConfiguration()
        .overrideConfiguration()
        .retryStrategy()
        .filter(strategy -> strategy.maxAttempts() > 1)
        .ifPresent(strategy -> {
          throw new IllegalArgumentException("shared: a client with " + strategy.maxAttempts()
              + " attempts (expected: 1, retries off)");
        });
  }

  /** Refuses a client that would take no answer for one without fields. */
  static void requireBodies(DynamoDbAsyncClient client) {
    var interceptors =
        client.serviceClientConfiguration().overrideConfiguration().executionInterceptors();
    if (interceptors.stream().noneMatch(BodyRequired.class::isInstance)) {
      throw new IllegalArgumentException(
          "shared: a client that takes an answer without a body for a success (expected: one with DynamoBackend.requireBodies())");
    }
  }

  /** Releases connections and threads, and waits until they are gone, for five seconds at most. */
  @Override
  public void close() {
    dynamo.close();
    credentials.close();
    for (var sweep = 0; sweep < SWEEPS; sweep++) {
      sweep();
    }
    threads
        .eventLoopGroup()
        .shutdownGracefully(QUIET.toMillis(), MAX_CLOSING.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(MAX_CLOSING.toMillis());
  }

  /**
   * Waits until every I/O thread has done what it had to do by now, which also begins its quiet
   * time. A thread that ends before the others have told it of their connections complains loudly.
   */
  private void sweep() {
    for (var thread : threads.eventLoopGroup()) {
      thread.submit(() -> {}).awaitUninterruptibly(MAX_CLOSING.toMillis() / SWEEPS);
    }
  }
}
