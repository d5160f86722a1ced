package dev.tiercel.region;

import dev.tiercel.health.EndpointState;
import dev.tiercel.health.Vitals;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the endpoints of a region, taken together, say of it. One of many that is down loses some
 * keys, not the region. Thread-safe.
 */
final class Endpoints {

  private final Vitals source;
  private final List<Vitals> main;
  private final List<Vitals> all;

  Endpoints(Region region) {
    source = region.source().get(0);
    main = Stream.concat(
            region.source().stream().limit(1), region.remote().stream().limit(1))
        .toList();
    all = Stream.concat(region.source().stream(), region.remote().stream()).toList();
  }

  /** Whether the source's main endpoint is down, or more than half of them all. */
  boolean areLost() {
    if (isDown(source)) {
      return true;
    }
    var down = 0;
    for (var each : all) {
      down += isDown(each) ? 1 : 0;
    }
    return 2 * down > all.size();
  }

  /** Whether each tier's main endpoint may be sent what is not strictly needed. */
  boolean takeMore() {
    for (var each : main) {
      if (!each.takesMore()) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDown(Vitals endpoint) {
    return endpoint.state() == EndpointState.DOWN;
  }
}
