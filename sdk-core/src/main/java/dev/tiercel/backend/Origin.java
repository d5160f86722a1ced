package dev.tiercel.backend;

/**
 * Where an answer came from.
 *
 * @param tier the tier that answered
 * @param region the region of the backend that answered, empty if it has none
 * @param replica whether a {@link Replica} answered, or a region that is not the one this process
 *     follows: either may lag behind what this process hears of, so such an answer is served but
 *     not cached
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

  /** The same answer, of a backend that does not say which region it is in. */
  public Origin at(String ofBackend) {
    return new Origin(tier, ofBackend, replica);
  }

  /** The same answer, from a replica or another region. */
  public Origin ofReplica() {
    return new Origin(tier, region, true);
  }
}
