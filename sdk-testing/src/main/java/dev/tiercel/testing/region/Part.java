package dev.tiercel.testing.region;

/** Which of a region's engines. */
public enum Part {
  /** Its Redis. */
  CACHE,
  /** Its DynamoDB. */
  SOURCE,
  /** Both. */
  ALL;

  /** Whether that engine, which is one of the two, is among these. */
  boolean includes(Part one) {
    return this == ALL || this == one;
  }
}
