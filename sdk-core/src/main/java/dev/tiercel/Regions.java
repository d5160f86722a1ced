package dev.tiercel;

import dev.tiercel.health.RegionStatus;
import dev.tiercel.region.RegionRouter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The regions of a client: how they are doing, for dashboards and readiness probes, and an
 * operator's hand on them. Thread-safe.
 */
public final class Regions {

  private final CopyOnWriteArrayList<RegionRouter> routers = new CopyOnWriteArrayList<>();

  /** Those of no keyspace yet. */
  Regions() {}

  void add(RegionRouter router) {
    routers.add(router);
  }

  /** How each region is doing for each keyspace, the nearest region first. Always current. */
  public List<RegionStatus> statuses() {
    return routers.stream().flatMap(router -> router.statuses().stream()).toList();
  }

  /**
   * Takes a region out of use, for every keyspace of this client that has it, until it is put back:
   * what is on its way there goes on, and nothing new is sent. Where it is the only region allowed
   * (the home of writes, say) calls fail at once.
   *
   * @param region the region's name
   * @throws IllegalArgumentException if no keyspace has it
   */
  public void drain(String region) {
    having(region).forEach(router -> router.drain(region));
  }

  /**
   * Puts a drained region back into use: it gets a growing share of the keys, as after a failure.
   *
   * @param region the region's name
   * @throws IllegalArgumentException if no keyspace has it
   */
  public void undrain(String region) {
    having(region).forEach(router -> router.undrain(region));
  }

  private List<RegionRouter> having(String region) {
    var having = routers.stream().filter(router -> router.has(region)).toList();
    if (having.isEmpty()) {
      throw new IllegalArgumentException(
          "region: " + region + " (expected: one of a keyspace of this client)");
    }
    return having;
  }
}
