package dev.tiercel.testing.run;

import java.util.Locale;

/** Tells moments of a run in seconds since it began. */
final class Moments {

  private static final double NANOS_PER_SECOND = 1e9;

  private Moments() {}

  static String between(long startNanos, long endNanos, long originNanos) {
    return String.format(
        Locale.ROOT,
        "%7.3f s to %7.3f s",
        (startNanos - originNanos) / NANOS_PER_SECOND,
        (endNanos - originNanos) / NANOS_PER_SECOND);
  }
}
