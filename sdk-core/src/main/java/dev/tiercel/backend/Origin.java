package dev.tiercel.backend;

/**
 * Where an answer came from.
 *
 * @param tier the tier that answered
 * @param region the region of the backend that answered, empty if it has none
 * @param replica whether a {@link Replica} answered, which may lag behind: such an answer is served
 *     but not cached
 */
public record Origin(Tier tier, String region, boolean replica) {

  /** An answer of the backend itself. */
  public Origin(Tier tier, String region) {
    this(tier, region, false);
  }

  /** An answer of a backend that stands alone: it is its own source of record. */
  public static Origin source(String region) {
    return new Origin(Tier.SOURCE, region);
  }

  /** The same answer, seen from another place in the path. */
  public Origin in(Tier place) {
    return new Origin(place, region, replica);
  }

  /** The same answer, from a replica. */
  public Origin ofReplica() {
    return new Origin(tier, region, true);
  }
}
