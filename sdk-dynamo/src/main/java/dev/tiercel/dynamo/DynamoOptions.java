package dev.tiercel.dynamo;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/**
 * How DynamoDB is reached and used. Immutable; start from {@link #of}.
 *
 * <p>What concerns connections does not apply to a client the service brings along, see
 * {@link DynamoBackend#over}.
 *
 * @param region the region of the table
 * @param endpoint where to connect to; null for the region's own endpoint
 * @param credentials what requests are signed with; null for the SDK's default chain. Asked every
 *     second in which there are calls, on a thread of its own, so it may block: calls wait for it
 *     without a thread
 * @param eventualReads whether reads that ask for nothing better may be eventually consistent, see
 *     {@link #eventualReads(boolean)}
 * @param maxConnections connections, at least 1
 * @param maxPendingConnections calls that may wait for a connection, at least 1; one more is
 *     refused with {@code Overloaded}
 * @param connectTimeout how long opening a connection, or waiting for one, may take; at least a
 *     millisecond
 * @param maxConcurrentWrites write requests to DynamoDB at once, at least 1; keep it below
 *     {@code maxConnections}, so that a large batch of writes leaves connections for reads
 * @param maxQueuedWrites writes that may wait for their turn, at least 1; one more is refused with
 *     {@code Overloaded}
 */
public record DynamoOptions(
    Region region,
    @Nullable URI endpoint,
    @Nullable AwsCredentialsProvider credentials,
    boolean eventualReads,
    int maxConnections,
    int maxPendingConnections,
    Duration connectTimeout,
    int maxConcurrentWrites,
    int maxQueuedWrites) {

  /** Checks the bounds. */
  public DynamoOptions {
    Objects.requireNonNull(region, "region");
    requirePositive("maxConnections", maxConnections);
    requirePositive("maxPendingConnections", maxPendingConnections);
    requirePositive("maxConcurrentWrites", maxConcurrentWrites);
    requirePositive("maxQueuedWrites", maxQueuedWrites);
    if (connectTimeout.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException(
          "connectTimeout: " + connectTimeout + " (expected: at least 1 ms)");
    }
  }

  /**
   * The region's own endpoint, the SDK's default credentials, consistent reads, 64 connections with
   * 1,024 calls waiting for one, a second to connect, 32 writes at once with 10,000 waiting.
   *
   * @param region the region of the table
   */
  public static DynamoOptions of(Region region) {
    return new DynamoOptions(
        region, null, null, false, 64, 1024, Duration.ofSeconds(1), 32, 10_000);
  }

  /** The same options with another endpoint, such as a DynamoDB Local. */
  public DynamoOptions endpoint(URI other) {
    return new DynamoOptions(
        region,
        other,
        credentials,
        eventualReads,
        maxConnections,
        maxPendingConnections,
        connectTimeout,
        maxConcurrentWrites,
        maxQueuedWrites);
  }

  /** The same options with other credentials. The backend does not close the provider. */
  public DynamoOptions credentials(AwsCredentialsProvider other) {
    return new DynamoOptions(
        region,
        endpoint,
        other,
        eventualReads,
        maxConnections,
        maxPendingConnections,
        connectTimeout,
        maxConcurrentWrites,
        maxQueuedWrites);
  }

  /**
   * Whether reads that ask for nothing better are eventually consistent. They cost half as much,
   * and they cost a guarantee: two such reads of a key may be answered by different replicas, so
   * that the second is older than the first (monotonic reads, G3), and one may miss a write that
   * was acknowledged shortly before. A read that names a version or asks for the source's own word
   * is consistent all the same. Off by default.
   */
  public DynamoOptions eventualReads(boolean eventual) {
    return new DynamoOptions(
        region,
        endpoint,
        credentials,
        eventual,
        maxConnections,
        maxPendingConnections,
        connectTimeout,
        maxConcurrentWrites,
        maxQueuedWrites);
  }

  /** The same options with another bound on connections. */
  public DynamoOptions maxConnections(int count) {
    return new DynamoOptions(
        region,
        endpoint,
        credentials,
        eventualReads,
        count,
        maxPendingConnections,
        connectTimeout,
        maxConcurrentWrites,
        maxQueuedWrites);
  }

  /** The same options with another bound on calls that wait for a connection. */
  public DynamoOptions maxPendingConnections(int count) {
    return new DynamoOptions(
        region,
        endpoint,
        credentials,
        eventualReads,
        maxConnections,
        count,
        connectTimeout,
        maxConcurrentWrites,
        maxQueuedWrites);
  }

  /** The same options with another time to connect. */
  public DynamoOptions connectTimeout(Duration timeout) {
    return new DynamoOptions(
        region,
        endpoint,
        credentials,
        eventualReads,
        maxConnections,
        maxPendingConnections,
        timeout,
        maxConcurrentWrites,
        maxQueuedWrites);
  }

  /** The same options with another bound on writes at once. */
  public DynamoOptions maxConcurrentWrites(int count) {
    return new DynamoOptions(
        region,
        endpoint,
        credentials,
        eventualReads,
        maxConnections,
        maxPendingConnections,
        connectTimeout,
        count,
        maxQueuedWrites);
  }

  /** The same options with another bound on writes that wait. */
  public DynamoOptions maxQueuedWrites(int count) {
    return new DynamoOptions(
        region,
        endpoint,
        credentials,
        eventualReads,
        maxConnections,
        maxPendingConnections,
        connectTimeout,
        maxConcurrentWrites,
        count);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: at least 1)");
    }
  }

  /** The options without the credentials, whose text is not ours to show. */
  @Override
  public String toString() {
    return "DynamoOptions{region: " + region + ", endpoint: " + endpoint + ", eventualReads: "
        + eventualReads + "}";
  }
}
