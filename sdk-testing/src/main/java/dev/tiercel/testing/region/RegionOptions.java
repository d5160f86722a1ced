package dev.tiercel.testing.region;

import dev.tiercel.time.Durations;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link RegionHarness} looks like. Immutable; start from {@link #of}.
 *
 * @param names of the regions, at least one, none twice
 * @param roundTrip from a client in one region to an engine in another and back, without a fault
 * @param localRoundTrip from a client to an engine of its own region and back, without a fault
 * @param replicationLag how long after its commit a write is replicated, at the earliest; what
 *     {@code pollInterval} costs comes on top
 * @param pollInterval how often the replicator looks for writes, positive
 * @param versionAttribute the attribute that orders two writes which are too close for the clock to
 *     tell, if both items have it as a number: see {@link Replicator}
 * @param seed where all chance comes from
 * @param time measures delays, lags and periods, and is what the regions' clocks are shifted from;
 *     null for the machine's
 * @param redisSettings further command line settings of every Redis
 */
public record RegionOptions(
    List<String> names,
    Duration roundTrip,
    Duration localRoundTrip,
    Duration replicationLag,
    Duration pollInterval,
    String versionAttribute,
    long seed,
    @Nullable Time time,
    List<String> redisSettings) {

  /** Checks the bounds. */
  public RegionOptions {
    names = List.copyOf(names);
    redisSettings = List.copyOf(redisSettings);
    if (names.isEmpty() || new HashSet<>(names).size() < names.size()) {
      throw new IllegalArgumentException("names: " + names + " (expected: some, none twice)");
    }
    requireNotNegative("roundTrip", roundTrip);
    requireNotNegative("localRoundTrip", localRoundTrip);
    requireNotNegative("replicationLag", replicationLag);
    if (Durations.nanos(pollInterval) < 1) {
      throw new IllegalArgumentException("pollInterval: " + pollInterval + " (expected: positive)");
    }
  }

  /**
   * Regions 20 ms apart, no delay within a region, replication as quick as it can be with a look
   * every 20 ms, writes ordered by {@code version}, seed 1, the machine's time.
   *
   * @param names of the regions, at least one, none twice
   */
  public static RegionOptions of(String... names) {
    return new RegionOptions(
        List.of(names),
        Duration.ofMillis(20),
        Duration.ZERO,
        Duration.ZERO,
        Duration.ofMillis(20),
        "version",
        1,
        null,
        List.of());
  }

  /** The same regions another way apart. */
  public RegionOptions roundTrip(Duration other) {
    return new RegionOptions(
        names,
        other,
        localRoundTrip,
        replicationLag,
        pollInterval,
        versionAttribute,
        seed,
        time,
        redisSettings);
  }

  /** The same regions, each with another delay to its own engines. */
  public RegionOptions localRoundTrip(Duration other) {
    return new RegionOptions(
        names,
        roundTrip,
        other,
        replicationLag,
        pollInterval,
        versionAttribute,
        seed,
        time,
        redisSettings);
  }

  /** The same with another lag of the replication. */
  public RegionOptions replicationLag(Duration other) {
    return new RegionOptions(
        names,
        roundTrip,
        localRoundTrip,
        other,
        pollInterval,
        versionAttribute,
        seed,
        time,
        redisSettings);
  }

  /** The same with a replicator that looks more or less often. */
  public RegionOptions pollInterval(Duration other) {
    return new RegionOptions(
        names,
        roundTrip,
        localRoundTrip,
        replicationLag,
        other,
        versionAttribute,
        seed,
        time,
        redisSettings);
  }

  /** The same with items whose version is another attribute. */
  public RegionOptions versionAttribute(String other) {
    return new RegionOptions(
        names,
        roundTrip,
        localRoundTrip,
        replicationLag,
        pollInterval,
        other,
        seed,
        time,
        redisSettings);
  }

  /** The same with another seed. */
  public RegionOptions seed(long other) {
    return new RegionOptions(
        names,
        roundTrip,
        localRoundTrip,
        replicationLag,
        pollInterval,
        versionAttribute,
        other,
        time,
        redisSettings);
  }

  /** The same with a time of the caller's, which is not closed with the harness. */
  public RegionOptions time(Time other) {
    return new RegionOptions(
        names,
        roundTrip,
        localRoundTrip,
        replicationLag,
        pollInterval,
        versionAttribute,
        seed,
        other,
        redisSettings);
  }

  /** The same with other command line settings of every Redis. */
  public RegionOptions redisSettings(String... other) {
    return new RegionOptions(
        names,
        roundTrip,
        localRoundTrip,
        replicationLag,
        pollInterval,
        versionAttribute,
        seed,
        time,
        List.of(other));
  }

  private static void requireNotNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: zero or more)");
    }
  }
}
