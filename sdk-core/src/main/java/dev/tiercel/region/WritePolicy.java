package dev.tiercel.region;

import java.util.Objects;

/**
 * Where writes go. Whatever it is, a write that may have been sent to one region and has no answer
 * is of unknown outcome, and is never sent to another.
 */
public sealed interface WritePolicy {

  /**
   * One region takes every write of every process: nobody can write while it is lost.
   *
   * @param region its name
   */
  record Home(String region) implements WritePolicy {
    /** Requires a name. */
    public Home {
      Objects.requireNonNull(region, "region");
    }
  }

  /**
   * The region that is read from takes the writes; another if that one certainly has not applied
   * them. For sources that replicate in every direction (DynamoDB global tables): of two writes to
   * one key in two regions within the replication lag, the last one wins.
   */
  record Anywhere() implements WritePolicy {}

  /** The process's own region takes its writes, or nobody does. */
  record Pinned() implements WritePolicy {}

  /** See {@link Home}. */
  static WritePolicy home(String region) {
    return new Home(region);
  }

  /** See {@link Anywhere}. */
  static WritePolicy anywhere() {
    return new Anywhere();
  }

  /** See {@link Pinned}. */
  static WritePolicy pinned() {
    return new Pinned();
  }
}
