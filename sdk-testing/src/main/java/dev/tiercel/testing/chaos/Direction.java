package dev.tiercel.testing.chaos;

/** The way bytes go. */
public enum Direction {
  /** From the client to the server. */
  TO_SERVER,
  /** From the server to the client. */
  TO_CLIENT,
  /** Either way. */
  BOTH;

  /** Whether bytes that go the other way, which is one of the two, go this way. */
  boolean includes(Direction one) {
    return this == BOTH || this == one;
  }
}
