package dev.tiercel.time;

/**
 * The layout of a version: a hybrid logical clock value in a {@code long}, 48 bits of wall-clock
 * milliseconds above 16 bits of counter. Versions of one key compare as numbers; a later write has
 * the larger one. Zero means "no version".
 *
 * @see <a href="https://cse.buffalo.edu/tech-reports/2014-04.pdf">Kulkarni et al., Logical Physical
 *     Clocks and Consistent Snapshots in Globally Distributed Databases (2014)</a>
 */
public final class Version {

  /** No version: the entry's origin does not keep any. Smaller than every version. */
  public static final long NONE = 0;

  /** The largest version. It leaves the sign bit free, so signed comparison is right. */
  public static final long MAX = Long.MAX_VALUE;

  private static final int COUNTER_BITS = 16;

  private Version() {}

  /**
   * The version of an instant.
   *
   * @param millis wall-clock milliseconds, 0 to 2^47 - 1
   * @param counter 0 to 65,535
   */
  public static long of(long millis, int counter) {
    return millis << COUNTER_BITS | counter;
  }

  /** The milliseconds part of a version. */
  public static long millis(long version) {
    return version >>> COUNTER_BITS;
  }
}
