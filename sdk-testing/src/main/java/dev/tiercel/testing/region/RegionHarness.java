package dev.tiercel.testing.region;

import dev.tiercel.testing.engine.DynamoDbEngine;
import dev.tiercel.testing.engine.EngineException;
import dev.tiercel.testing.engine.RedisEngine;
import dev.tiercel.time.SystemTime;
import dev.tiercel.time.Time;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Several regions in one JVM, for tests of what survives the loss of one: each has a real Redis and
 * a real DynamoDB Local, every region sees every other through proxies of its own, and a
 * {@link Replicator} carries writes between the DynamoDBs as global tables do.
 *
 * <p>Clients belong to a region: they connect to {@code region("east").seenFrom("west")}, take the
 * time from {@code region("west").time()}, and suffer what {@link #inject} does. The harness itself
 * and its replicator go past all proxies, so that a region that nobody reaches is still replicated
 * unless a {@link RegionFault.Partition} says otherwise.
 *
 * <p>Thread-safe. Closing it ends everything it has started, the last first.
 */
public final class RegionHarness implements AutoCloseable {

  private final RegionOptions options;
  private final Map<String, HarnessRegion> regions = new LinkedHashMap<>();
  private final List<OngoingFault> faults = new CopyOnWriteArrayList<>();
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final Time time;
  private final Replicator replicator;
  private final Breaking breaking;

  private RegionHarness(RegionOptions options) {
    this.options = options;
    this.time = time(options);
    try {
      for (var name : options.names()) {
        regions.put(name, launch(name));
      }
      regions.values().forEach(this::openRoutes);
      replicator = closing(new Replicator(List.copyOf(regions.values()), options, time));
    } catch (RuntimeException failure) {
      closeStarted();
      throw failure;
    }
    breaking = new Breaking(this, replicator, time);
  }

  /**
   * Starts every engine and waits until all answer.
   *
   * @throws EngineException if one is not there and cannot be fetched, or does not start
   */
  public static RegionHarness start(RegionOptions options) {
    return new RegionHarness(options);
  }

  /** Its regions, in the order they were named. */
  public Collection<HarnessRegion> regions() {
    return List.copyOf(regions.values());
  }

  /**
   * One of its regions.
   *
   * @throws IllegalArgumentException if there is no such region
   */
  public HarnessRegion region(String name) {
    var region = regions.get(name);
    if (region == null) {
      throw unknown(name, regions.keySet());
    }
    return region;
  }

  /** What carries writes from region to region. */
  public Replicator replicator() {
    return replicator;
  }

  /** Where all chance comes from. */
  public long seed() {
    return options.seed();
  }

  /** What it was started with. */
  public RegionOptions options() {
    return options;
  }

  /** What delays, lags and periods are measured with: a right clock. */
  public Time time() {
    return time;
  }

  /**
   * Lets something go wrong, and returns once it does.
   *
   * @return heals it
   * @throws IllegalArgumentException if it names a region that is not there
   */
  public OngoingFault inject(RegionFault fault) {
    var ongoing = new OngoingFault(fault, breaking.begin(fault));
    faults.removeIf(OngoingFault::isHealed);
    faults.add(ongoing);
    return ongoing;
  }

  /**
   * Heals every fault there is, and brings back every engine: afterwards all answer. Round trips
   * and the replication's usual lag stay as they were.
   */
  public void heal() {
    faults.forEach(OngoingFault::heal);
    faults.removeIf(OngoingFault::isHealed);
    for (var region : regions.values()) {
      region.redis().ensureAnswering();
      region.dynamoDb().ensureAnswering();
    }
  }

  /** Ends every engine, proxy and thread. A second call does nothing. */
  @Override
  public void close() {
    faults.forEach(OngoingFault::heal);
    closeStarted();
  }

  @Override
  public String toString() {
    return "RegionHarness{" + regions.keySet() + ", seed: " + seed() + "}";
  }

  static IllegalArgumentException unknown(String name, Collection<String> known) {
    return new IllegalArgumentException("region: " + name + " (expected: one of " + known + ")");
  }

  private Time time(RegionOptions wanted) {
    var given = wanted.time();
    return given == null ? closing(new SystemTime("region-harness-timer")) : given;
  }

  private HarnessRegion launch(String name) {
    var redis = closing(RedisEngine.launch(options.redisSettings().toArray(String[]::new)));
    var dynamoDb = closing(DynamoDbEngine.launch("-sharedDb"));
    return new HarnessRegion(name, redis, dynamoDb, time);
  }

  private void openRoutes(HarnessRegion region) {
    for (var client : options.names()) {
      var local = client.equals(region.name());
      region.open(client, local ? options.localRoundTrip() : options.roundTrip(), time);
      closing(region.route(client));
    }
  }

  private <T extends AutoCloseable> T closing(T resource) {
    started.push(resource);
    return resource;
  }

  private synchronized void closeStarted() {
    var failures = new ArrayList<Exception>();
    while (!started.isEmpty()) {
      try {
        started.pop().close();
      } catch (Exception failure) {
        failures.add(failure);
      }
    }
    if (!failures.isEmpty()) {
      var first = new IllegalStateException("harness: not closed (expected: closed)");
      failures.forEach(first::addSuppressed);
      throw first;
    }
  }
}
