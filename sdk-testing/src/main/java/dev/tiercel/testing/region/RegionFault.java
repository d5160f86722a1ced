package dev.tiercel.testing.region;

import java.time.Duration;

/**
 * Something that goes wrong with a region, or between two. What befalls a region befalls everybody
 * who talks to it, from wherever; the harness itself and the replicator go past it.
 *
 * <p>Of several faults at once delays, lags and skews add up, and everything else holds until the
 * last of its kind is healed.
 */
public sealed interface RegionFault {

  /**
   * Connections are reset, and new ones refused. DynamoDB keeps its data, as a region does that
   * comes back.
   *
   * @param region which
   * @param part what of it
   * @param loseCache whether its Redis really dies, with what it held; healing starts an empty one
   */
  record Kill(String region, Part part, boolean loseCache) implements RegionFault {

    /** Everything of the region is gone for a while, and nothing is lost. */
    public static Kill of(String region) {
      return new Kill(region, Part.ALL, false);
    }
  }

  /**
   * Connections are open, new ones too, and nothing arrives; what was sent arrives when healed.
   *
   * @param region which
   * @param part what of it
   */
  record BlackHole(String region, Part part) implements RegionFault {}

  /**
   * Grey: everything works, later.
   *
   * @param region which
   * @param part what of it
   * @param by how much longer a round trip takes, zero or more
   */
  record Slow(String region, Part part, Duration by) implements RegionFault {

    /** Checks the bound. */
    public Slow {
      if (by.isNegative()) {
        throw new IllegalArgumentException("by: " + by + " (expected: zero or more)");
      }
    }

    /**
     * So many times as slow as something that takes so long.
     *
     * @param factor at least 1
     * @param usual how long a call usually takes, zero or more
     */
    public static Slow times(String region, Part part, int factor, Duration usual) {
      if (factor < 1) {
        throw new IllegalArgumentException("factor: " + factor + " (expected: at least 1)");
      }
      return new Slow(region, part, usual.multipliedBy(factor - 1L));
    }
  }

  /**
   * Packet by packet: the engine's answers trickle, and its clients' requests too.
   *
   * @param region which
   * @param part what of it
   * @param bytesPerSecond how many, per connection and direction, 1 to 2^31
   */
  record Trickle(String region, Part part, long bytesPerSecond) implements RegionFault {}

  /**
   * Now and at every period's beginning nothing arrives for a while; then everything goes on.
   *
   * @param region which
   * @param part what of it
   * @param every from beginning to beginning
   * @param lasts how long, positive and shorter than the period
   */
  record Stall(String region, Part part, Duration every, Duration lasts) implements RegionFault {

    /** Checks the bounds. */
    public Stall {
      requirePositive("lasts", lasts);
      requirePositive("every - lasts", every.minus(lasts));
    }

    /** Every 30 seconds, everything of the region. */
    public static Stall every30Seconds(String region, Duration lasts) {
      return new Stall(region, Part.ALL, Duration.ofSeconds(30), lasts);
    }
  }

  /**
   * A square wave of {@link Kill}, down first; no data is lost.
   *
   * @param region which
   * @param part what of it
   * @param down how long it is gone, positive
   * @param up how long it is back, positive
   */
  record Flap(String region, Part part, Duration down, Duration up) implements RegionFault {

    /** Checks the bounds. */
    public Flap {
      requirePositive("down", down);
      requirePositive("up", up);
    }
  }

  /**
   * Nothing is replicated between two regions, either way; both take writes. What was written
   * meanwhile is replicated once it is healed.
   *
   * @param one a region
   * @param other another
   */
  record Partition(String one, String other) implements RegionFault {}

  /**
   * Clients in one region hear nothing of another, as in a {@link BlackHole}; everybody else does.
   *
   * @param client where the clients are
   * @param region what they do not reach
   */
  record Unreachable(String client, String region) implements RegionFault {}

  /**
   * Writes of one region arrive in another later, those on their way included.
   *
   * @param from where they are made
   * @param to where they arrive
   * @param by how much later, zero or more
   */
  record Lag(String from, String to, Duration by) implements RegionFault {

    /** Checks the bound. */
    public Lag {
      if (by.isNegative()) {
        throw new IllegalArgumentException("by: " + by + " (expected: zero or more)");
      }
    }
  }

  /**
   * The region's {@linkplain HarnessRegion#time() wall clock} is wrong; the replicator's is not.
   *
   * @param region whose
   * @param by ahead, or behind if negative
   */
  record Skew(String region, Duration by) implements RegionFault {}

  private static void requirePositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: positive)");
    }
  }
}
