package dev.tiercel.testing.region;

import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;

/** The replicator's connections to all regions, and the one thread that serves them. */
final class Connections implements AutoCloseable {

  /** Netty looks every 100 ms whether its thread has had anything to do. */
  private static final Duration QUIET = Duration.ofMillis(150);

  private static final Duration MAX_CLOSING = Duration.ofSeconds(5);

  private final SdkEventLoopGroup threads;
  private final SdkAsyncHttpClient http;

  /**
   * Opens none yet.
   *
   * @param most to each region at once
   */
  Connections(int most) {
    threads = SdkEventLoopGroup.builder()
        .numberOfThreads(1)
        .threadFactory(task -> {
          var thread = new Thread(task, "replicator-io");
          thread.setDaemon(true);
          return thread;
        })
        .build();
    http = NettyNioAsyncHttpClient.builder()
        .eventLoopGroup(threads)
        .maxConcurrency(most)
        .build();
  }

  SdkAsyncHttpClient http() {
    return http;
  }

  /** Its thread, to end futures on. */
  EventLoopGroup thread() {
    return threads.eventLoopGroup();
  }

  @Override
  public void close() {
    http.close();
    thread()
        .shutdownGracefully(QUIET.toMillis(), MAX_CLOSING.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(MAX_CLOSING.toMillis());
  }
}
