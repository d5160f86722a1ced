package dev.tiercel.backend;

/**
 * Where an answer came from.
 *
 * @param tier the tier that answered
 * @param region the region of the backend that answered, empty if it has none
 */
public record Origin(Tier tier, String region) {

  /** An answer of a backend that stands alone: it is its own source of record. */
  public static Origin source(String region) {
    return new Origin(Tier.SOURCE, region);
  }
}
