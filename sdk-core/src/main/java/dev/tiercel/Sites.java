package dev.tiercel;

import dev.tiercel.backend.Backend;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which backends of a keyspace stand together, by region, the nearest first.
 *
 * @param all at least one
 */
record Sites(List<Site> all) {

  /**
   * One region's backends.
   *
   * @param region its name; empty if the keyspace has one site only and its source has no region
   * @param remote its shared cache, null if it has none
   * @param source its source, perhaps shared with the other sites
   */
  record Site(String region, @Nullable Backend remote, Backend source) {}

  /**
   * Puts backends together.
   *
   * @throws IllegalStateException if they do not fit together
   */
  static Sites of(List<Backend> sources, List<Backend> remotes) {
    var caches = byRegion("remote", remotes);
    var records = byRegion("source", sources);
    if (sources.size() == 1 && remotes.size() <= 1) {
      var cache = remotes.isEmpty() ? null : remotes.get(0);
      return new Sites(List.of(new Site(sources.get(0).region(), cache, sources.get(0))));
    }
    var sites = new ArrayList<Site>();
    if (sources.size() == 1) {
      caches.forEach((region, cache) -> sites.add(new Site(region, cache, sources.get(0))));
    } else {
      records.forEach((region, record) -> sites.add(new Site(region, caches.get(region), record)));
      requireSources(caches, records);
    }
    if (sites.stream().anyMatch(site -> site.region.isEmpty())) {
      throw new IllegalStateException("region: empty (expected: a name, with several regions)");
    }
    return new Sites(List.copyOf(sites));
  }

  private static void requireSources(Map<String, Backend> caches, Map<String, Backend> records) {
    for (var region : caches.keySet()) {
      if (!records.containsKey(region)) {
        throw new IllegalStateException("remote: in " + region + ", where there is no source"
            + " (expected: in one of " + String.join(", ", records.keySet()) + ")");
      }
    }
  }

  private static Map<String, Backend> byRegion(String place, List<Backend> backends) {
    var byRegion = new LinkedHashMap<String, Backend>();
    for (var backend : backends) {
      if (byRegion.putIfAbsent(backend.region(), backend) != null) {
        throw new IllegalStateException(
            place + ": two in region " + backend.region() + " (expected: one)");
      }
    }
    return byRegion;
  }

  /** The names of the regions. */
  List<String> names() {
    return all.stream().map(Site::region).toList();
  }

  /** The same sites, with that of a region, if there is one, before the others. */
  Sites nearestTo(String region) {
    return new Sites(all.stream()
        .sorted(Comparator.comparingInt(site -> site.region.equals(region) ? 0 : 1))
        .toList());
  }
}
