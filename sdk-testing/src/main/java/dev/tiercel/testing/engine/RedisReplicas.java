package dev.tiercel.testing.engine;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Real replicas of one {@link RedisEngine}, each an engine of its own that can be paused, killed
 * and started again.
 *
 * <p>Safe for use by several threads.
 */
public final class RedisReplicas implements AutoCloseable {

  private final RedisEngine primary;
  private final List<RedisEngine> engines;

  private RedisReplicas(RedisEngine primary, List<RedisEngine> engines) {
    this.primary = primary;
    this.engines = engines;
  }

  /**
   * Starts replicas and waits until they have everything their primary had.
   *
   * @param primary of which Redis; it is not closed with them
   * @param count how many, at least 1
   * @param settings further command line settings of each replica
   * @throws EngineException if one does not start or does not get in sync; the others are closed
   */
  public static RedisReplicas of(RedisEngine primary, int count, String... settings) {
    if (count < 1) {
      throw new IllegalArgumentException("count: " + count + " (expected: at least 1)");
    }
    var engines = new ArrayList<RedisEngine>();
    try {
      while (engines.size() < count) {
        engines.add(primary.launchReplica(settings));
      }
    } catch (EngineException failure) {
      engines.forEach(RedisEngine::close);
      throw failure;
    }
    return new RedisReplicas(primary, List.copyOf(engines));
  }

  /** What they are replicas of. */
  public RedisEngine primary() {
    return primary;
  }

  /** The replicas, always the same. */
  public List<RedisEngine> engines() {
    return engines;
  }

  /**
   * One of them.
   *
   * @param index from 0
   */
  public RedisEngine get(int index) {
    return engines.get(index);
  }

  /** Their addresses, in order. */
  public List<URI> uris() {
    return engines.stream().map(RedisEngine::uri).toList();
  }

  /** Waits until each has applied everything the primary had done when this was called. */
  public void awaitInSync() {
    engines.forEach(RedisEngine::awaitInSync);
  }

  /**
   * Brings all of them back, whatever was done to them: afterwards each answers, and is an intact
   * replica of the primary, which must answer.
   */
  public void restore() {
    for (var engine : engines) {
      engine.ensureAnswering();
      // One that was detached or promoted, too.
      engine.replicate(primary.port());
      engine.awaitInSync();
    }
  }

  /** Ends them for good. Safe to call twice. */
  @Override
  public void close() {
    engines.forEach(RedisEngine::close);
  }
}
