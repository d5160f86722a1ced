package dev.tiercel.region;

import dev.tiercel.region.Choice.Candidate;
import java.util.List;

/**
 * Where keys are read for the next moment. A key's place among all keys is a fixed number, so that
 * it moves to a region once while that one's share grows, whatever the process. Immutable.
 */
final class Plan {

  private static final double PLACES = 1L << 32;

  /**
   * The order of some keys.
   *
   * @param upTo the end of their places, from 0 to 1; they begin where the part before ends
   */
  record Part(double upTo, List<Candidate> order) {}

  private final List<Candidate> rest;
  private final Part[] parts;

  /**
   * A plan.
   *
   * @param rest the order of the keys that are in no part
   * @param parts the smallest end first
   */
  Plan(List<Candidate> rest, List<Part> parts) {
    this.rest = rest;
    this.parts = parts.toArray(Part[]::new);
  }

  List<Candidate> order(String key) {
    return parts.length == 0 ? rest : held(place(key));
  }

  private List<Candidate> held(double place) {
    for (var part : parts) {
      if (place < part.upTo) {
        return part.order;
      }
    }
    return rest;
  }

  /** The share of the keys that are read at a candidate first. */
  double share(Candidate candidate) {
    var sum = 0.0;
    var from = 0.0;
    for (var part : parts) {
      sum += isFirst(candidate, part.order) ? part.upTo - from : 0;
      from = part.upTo;
    }
    return sum + (isFirst(candidate, rest) ? 1 - from : 0);
  }

  private static boolean isFirst(Candidate candidate, List<Candidate> order) {
    return order.get(0).equals(candidate);
  }

  /** A key's place among all keys, from 0 to 1: its hash, spread as MurmurHash3 ends. */
  private static double place(String key) {
    var hash = key.hashCode();
    hash = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
    hash = (hash ^ (hash >>> 13)) * 0xC2B2AE35;
    hash ^= hash >>> 16;
    return Integer.toUnsignedLong(hash) / PLACES;
  }
}
