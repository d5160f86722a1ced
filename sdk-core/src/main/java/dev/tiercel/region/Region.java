package dev.tiercel.region;

import dev.tiercel.health.Vitals;
import dev.tiercel.tier.Tiers;
import java.util.List;

/**
 * One region of a keyspace: its tiers, and what is known of the endpoints below them.
 *
 * @param name the region's name
 * @param tiers its remote tier and its source
 * @param source the endpoints of its source, the main one first
 * @param remote the endpoints of its remote tier, the main one first; empty if it has none
 */
public record Region(String name, Tiers tiers, List<Vitals> source, List<Vitals> remote) {

  /** Checks that there is a source. */
  public Region {
    source = List.copyOf(source);
    remote = List.copyOf(remote);
    if (name.isEmpty()) {
      throw new IllegalArgumentException("region: no name (expected: one)");
    }
    if (source.isEmpty()) {
      throw new IllegalArgumentException("source: no endpoint (expected: at least 1)");
    }
  }
}
