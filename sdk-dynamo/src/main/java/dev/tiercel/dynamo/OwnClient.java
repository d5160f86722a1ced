package dev.tiercel.dynamo;

import java.time.Duration;
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
 * @param threads its I/O threads. The SDK would close threads it made itself, but takes two seconds of silence to do so.
 */
record OwnClient(DynamoDbAsyncClient dynamo, SdkEventLoopGroup threads) implements AutoCloseable {

  private static final Duration MAX_CLOSING = Duration.ofSeconds(5);

  static OwnClient open(DynamoOptions options) {
    var threads = threads(options.region().id());
    var builder =
        DynamoDbAsyncClient.builder()
            .region(options.region())
            .httpClientBuilder(http(options, threads))
            // One layer retries, and it is not this one: it would retry writes of unknown outcome, and outside of the budget.
            .overrideConfiguration(override -> override.retryStrategy(DefaultRetryStrategy.doNotRetry()))
            // Futures complete on the I/O thread: what follows is Tiercel's own and short, and saves a queue and a hop.
            .asyncConfiguration(
                async -> async.advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run));
    var endpoint = options.endpoint();
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    var credentials = options.credentials();
    if (credentials != null) {
      builder.credentialsProvider(credentials);
    }
    return new OwnClient(builder.build(), threads);
  }

  private static NettyNioAsyncHttpClient.Builder http(DynamoOptions options, SdkEventLoopGroup threads) {
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
        .threadFactory(
            task -> {
              var thread = new Thread(task, "tiercel-dynamodb-" + region + "-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            })
        .build();
  }

  /** Refuses a client that would repeat requests by itself. */
  static void requireNoRetries(DynamoDbAsyncClient client) {
    client
        .serviceClientConfiguration()
        .overrideConfiguration()
        .retryStrategy()
        .filter(strategy -> strategy.maxAttempts() > 1)
        .ifPresent(
            strategy -> {
              throw new IllegalArgumentException(
                  "shared: a client with " + strategy.maxAttempts() + " attempts (expected: 1, retries off)");
            });
  }

  /** Releases connections and threads, and waits until they are gone. */
  @Override
  public void close() {
    dynamo.close();
    threads
        .eventLoopGroup()
        .shutdownGracefully(0, MAX_CLOSING.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(MAX_CLOSING.toMillis());
  }
}
