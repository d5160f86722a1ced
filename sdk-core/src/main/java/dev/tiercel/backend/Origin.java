package dev.tiercel.backend;

/**
 * Where an answer came from.
 *
 * @param tier the tier that answered
 * @param region the region of the backend that answered, empty if it has none
 * @param replica whether a {@link Replica} answered, or a region that is not the one this process
 *     follows: either may lag behind what this process hears of, so such an answer is served but
 *     not cached
 * @param behind whether a newer version is known to exist elsewhere, which the backend that
 *     answered has not received yet, see {@link Mutation.Mark}: such an answer is served, labelled
 *     {@link Staleness#BEHIND}, but not cached
 */
public record Origin(Tier tier, String region, boolean replica, boolean behind) {

  /** An answer of the backend itself, as new as anybody knows of. */
  public Origin(Tier tier, String region) {
    this(tier, region, false, false);
  }

  /** An answer of a backend that stands alone: it is its own source of record. */
  public static Origin source(String region) {
    return new Origin(Tier.SOURCE, region);
  }

  /** The same answer, seen from another place in the path. */
  public Origin in(Tier place) {
    return new Origin(place, region, replica, behind);
  }

  /** The same answer, of a backend that does not say which region it is in. */
  public Origin at(String ofBackend) {
    return new Origin(tier, ofBackend, replica, behind);
  }

  /** The same answer, from a replica or another region. */
  public Origin ofReplica() {
    return new Origin(tier, region, true, behind);
  }

  /** The same answer, known to be older than what exists elsewhere. */
  public Origin ofBehind() {
    return new Origin(tier, region, replica, true);
  }

  /** Whether the answer may be kept: what may be old, or is, is served but not cached. */
  public boolean isCacheable() {
    return !replica && !behind;
  }
}
