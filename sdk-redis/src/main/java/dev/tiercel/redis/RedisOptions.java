package dev.tiercel.redis;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Which Redis, and how it is used. Immutable; the text form holds no credentials.
 *
 * @param uri {@code redis://[[user:]password@]host[:port][/database]}, or {@code rediss://} for TLS
 * @param region the region it is in, empty for none
 * @param connectTimeout how long an attempt to connect may take, from the TCP handshake to the
 *     first answer; 1 ms to 1 h
 * @param stallLimit a connection on which nothing arrives for so long, although something is
 *     awaited, is replaced
 * @param versionRetention for how long at least a written version is kept, also when its entry is
 *     over before: what was sent earlier and arrives later can then be told to be old. Longer than
 *     any call's deadline
 * @param barrierRetention for how long the barriers of groups are kept: longer than any entry lives
 *     in Redis and than any keyspace's {@code maxStaleness}, since a copy loaded before a barrier
 *     that is no longer known would live again. 1 s to 366 days
 * @param maxQueuedCommands commands without an answer, and calls that wait for a connection, at
 *     most; one more is refused at once. 1 to 1,000,000
 * @param maxValueBytes the largest value, in bytes; 1 to 256 MiB
 * @param feed how Redis tells of changes
 * @param replicas which replicas may be read, and how far they may lag behind
 */
public record RedisOptions(
    URI uri,
    String region,
    Duration connectTimeout,
    Duration stallLimit,
    Duration versionRetention,
    Duration barrierRetention,
    int maxQueuedCommands,
    int maxValueBytes,
    FeedOptions feed,
    ReplicaOptions replicas) {

  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration LONGEST_RETENTION = Duration.ofDays(366);
  private static final int LONGEST_QUEUE = 1_000_000;
  private static final int LARGEST_VALUE = 256 << 20;

  /** Checks the bounds. */
  public RedisOptions {
    Objects.requireNonNull(region, "region");
    Address.require("uri", uri);
    requireWithinHour("connectTimeout", connectTimeout);
    requireWithinHour("stallLimit", stallLimit);
    requireWithinHour("versionRetention", versionRetention);
    requireRetention(barrierRetention);
    Objects.requireNonNull(feed, "feed");
    Objects.requireNonNull(replicas, "replicas");
    requireWithin("maxQueuedCommands", maxQueuedCommands, LONGEST_QUEUE);
    requireWithin("maxValueBytes", maxValueBytes, LARGEST_VALUE);
  }

  /**
   * No region; 1 s to connect; 2 s of silence; versions kept for 10 s, barriers for a day; 10,000
   * commands queued; values up to 1 MiB; the {@linkplain FeedOptions#defaults default} feed; no
   * replicas.
   *
   * @throws IllegalArgumentException if it is not the address of a standalone Redis
   */
  public static RedisOptions of(URI uri) {
    return new RedisOptions(
        uri,
        "",
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(10),
        Duration.ofDays(1),
        10_000,
        1 << 20,
        FeedOptions.defaults(),
        ReplicaOptions.none());
  }

  /** The same in another region. */
  public RedisOptions region(String other) {
    return new RedisOptions(
        uri,
        other,
        connectTimeout,
        stallLimit,
        versionRetention,
        barrierRetention,
        maxQueuedCommands,
        maxValueBytes,
        feed,
        replicas);
  }

  /** The same with another time to connect. */
  public RedisOptions connectTimeout(Duration other) {
    return new RedisOptions(
        uri,
        region,
        other,
        stallLimit,
        versionRetention,
        barrierRetention,
        maxQueuedCommands,
        maxValueBytes,
        feed,
        replicas);
  }

  /** The same with another limit of silence. */
  public RedisOptions stallLimit(Duration other) {
    return new RedisOptions(
        uri,
        region,
        connectTimeout,
        other,
        versionRetention,
        barrierRetention,
        maxQueuedCommands,
        maxValueBytes,
        feed,
        replicas);
  }

  /** The same with another time to keep versions. */
  public RedisOptions versionRetention(Duration other) {
    return new RedisOptions(
        uri,
        region,
        connectTimeout,
        stallLimit,
        other,
        barrierRetention,
        maxQueuedCommands,
        maxValueBytes,
        feed,
        replicas);
  }

  /** The same with another time to keep barriers. */
  public RedisOptions barrierRetention(Duration other) {
    return new RedisOptions(
        uri,
        region,
        connectTimeout,
        stallLimit,
        versionRetention,
        other,
        maxQueuedCommands,
        maxValueBytes,
        feed,
        replicas);
  }

  /** The same with another bound on commands without an answer. */
  public RedisOptions maxQueuedCommands(int other) {
    return new RedisOptions(
        uri,
        region,
        connectTimeout,
        stallLimit,
        versionRetention,
        barrierRetention,
        other,
        maxValueBytes,
        feed,
        replicas);
  }

  /** The same with another largest value. */
  public RedisOptions maxValueBytes(int other) {
    return new RedisOptions(
        uri,
        region,
        connectTimeout,
        stallLimit,
        versionRetention,
        barrierRetention,
        maxQueuedCommands,
        other,
        feed,
        replicas);
  }

  /** The same with another feed. */
  public RedisOptions feed(FeedOptions other) {
    return new RedisOptions(
        uri,
        region,
        connectTimeout,
        stallLimit,
        versionRetention,
        barrierRetention,
        maxQueuedCommands,
        maxValueBytes,
        other,
        replicas);
  }

  /**
   * The same with other replicas of this Redis.
   *
   * @param addresses one for each replica, as {@link #uri()}; empty for none
   * @throws IllegalArgumentException if one is not the address of a standalone Redis
   */
  public RedisOptions replicas(List<URI> addresses) {
    return replicas(replicas.addresses(addresses));
  }

  /**
   * The same with another bound on the lag of replicas.
   *
   * @param other 50 ms to 1 h
   */
  public RedisOptions maxReplicaLag(Duration other) {
    return replicas(replicas.maxLag(other));
  }

  /**
   * The same, knowing in which availability zones replicas are.
   *
   * @param zones by address, as given to {@link #replicas}
   */
  public RedisOptions replicaZones(Map<URI, String> zones) {
    return replicas(replicas.zones(zones));
  }

  private RedisOptions replicas(ReplicaOptions other) {
    return new RedisOptions(
        uri,
        region,
        connectTimeout,
        stallLimit,
        versionRetention,
        barrierRetention,
        maxQueuedCommands,
        maxValueBytes,
        feed,
        other);
  }

  /** The options without the credentials. */
  @Override
  public String toString() {
    return "RedisOptions{address: " + Address.shown(uri) + ", region: " + region + "}";
  }

  private static void requireWithinHour(String name, Duration value) {
    if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1 ms to 1 h)");
    }
  }

  private static void requireRetention(Duration value) {
    if (value.compareTo(Duration.ofSeconds(1)) < 0 || value.compareTo(LONGEST_RETENTION) > 0) {
      throw new IllegalArgumentException(
          "barrierRetention: " + value + " (expected: 1 s to 366 days)");
    }
  }

  private static void requireWithin(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1 to " + most + ")");
    }
  }
}
