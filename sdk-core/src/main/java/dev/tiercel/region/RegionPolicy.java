package dev.tiercel.region;

import java.time.Duration;

/**
 * When a region counts as lost, and how it is come back to.
 *
 * @param consecutive failed calls in a row after which a region is down, at least 1; those of less
 *     than 50 ms are one event, however many they are
 * @param failureRate the share of failed calls over {@code window} from which it is down, more than
 *     0 and at most 1; likewise
 * @param minResults results within {@code window} below which the rate says nothing, at least 1
 * @param window how far back results count, at least 10 ms
 * @param silence for how long nothing may be answered while {@code consecutive} calls are on their
 *     way, before that counts as failing; {@code slowness} times the usual latency if that is
 *     longer, and as long as it likes while none is known
 * @param slowness how many times slower than it used to be a region is degraded, more than 1
 * @param hedgeWins reads in a row that another region answered sooner after which it is degraded,
 *     at least 1
 * @param holdDown for how long a region that has failed is left alone, at first; doubled each time
 *     it fails again, and shortened by up to a half by chance
 * @param maxHoldDown the longest hold-down
 * @param probeInterval how often a copy of a read is sent to a region that is not in use, at most;
 *     a fourth as often while it is known to be well
 * @param healthyFor for how long it must have answered without a failure, counted from its first
 *     answer, before any reads go back there; lengthened by up to a half by chance
 * @param ramp over how long its share of the keys then grows to all of them
 */
public record RegionPolicy(
    int consecutive,
    double failureRate,
    int minResults,
    Duration window,
    Duration silence,
    double slowness,
    int hedgeWins,
    Duration holdDown,
    Duration maxHoldDown,
    Duration probeInterval,
    Duration healthyFor,
    Duration ramp) {

  /** Checks the bounds. */
  public RegionPolicy {
    requireAtLeastOne("consecutive", consecutive);
    requireAtLeastOne("minResults", minResults);
    requireAtLeastOne("hedgeWins", hedgeWins);
    if (!(failureRate > 0 && failureRate <= 1)) {
      throw new IllegalArgumentException(
          "failureRate: " + failureRate + " (expected: more than 0, at most 1)");
    }
    if (!(slowness > 1)) {
      throw new IllegalArgumentException("slowness: " + slowness + " (expected: more than 1)");
    }
    if (window.compareTo(Duration.ofMillis(10)) < 0) {
      throw new IllegalArgumentException("window: " + window + " (expected: at least 10 ms)");
    }
    requirePositive("silence", silence);
    requirePositive("holdDown", holdDown);
    requirePositive("maxHoldDown", maxHoldDown);
    requirePositive("probeInterval", probeInterval);
    requirePositive("healthyFor", healthyFor);
    requirePositive("ramp", ramp);
    if (maxHoldDown.compareTo(holdDown) < 0) {
      throw new IllegalArgumentException(
          "maxHoldDown: " + maxHoldDown + " (expected: " + holdDown + " or more)");
    }
  }

  /**
   * Down after 5 failures in a row or half of at least 10 within 5 s, or 100 ms of silence;
   * degraded at 5 times the usual latency or 20 lost hedges in a row; 1 s of hold-down, growing to
   * 1 min; a probe each 250 ms; back after 10 s of health, over 10 s.
   */
  public static RegionPolicy defaults() {
    return new RegionPolicy(
        5,
        0.5,
        10,
        Duration.ofSeconds(5),
        Duration.ofMillis(100),
        5,
        20,
        Duration.ofSeconds(1),
        Duration.ofMinutes(1),
        Duration.ofMillis(250),
        Duration.ofSeconds(10),
        Duration.ofSeconds(10));
  }

  /** The same policy, failing over after other numbers of failures. */
  public RegionPolicy failures(int inARow, double rate, int atLeast, Duration within) {
    return new RegionPolicy(
        inARow,
        rate,
        atLeast,
        within,
        silence,
        slowness,
        hedgeWins,
        holdDown,
        maxHoldDown,
        probeInterval,
        healthyFor,
        ramp);
  }

  /** The same policy with another bound on silence. */
  public RegionPolicy silence(Duration other) {
    return new RegionPolicy(
        consecutive,
        failureRate,
        minResults,
        window,
        other,
        slowness,
        hedgeWins,
        holdDown,
        maxHoldDown,
        probeInterval,
        healthyFor,
        ramp);
  }

  /** The same policy, calling a region degraded at other bounds. */
  public RegionPolicy degraded(double times, int lostHedges) {
    return new RegionPolicy(
        consecutive,
        failureRate,
        minResults,
        window,
        silence,
        times,
        lostHedges,
        holdDown,
        maxHoldDown,
        probeInterval,
        healthyFor,
        ramp);
  }

  /** The same policy with other hold-downs. */
  public RegionPolicy holdDown(Duration first, Duration longest) {
    return new RegionPolicy(
        consecutive,
        failureRate,
        minResults,
        window,
        silence,
        slowness,
        hedgeWins,
        first,
        longest,
        probeInterval,
        healthyFor,
        ramp);
  }

  /** The same policy, probing at another interval. */
  public RegionPolicy probeInterval(Duration other) {
    return new RegionPolicy(
        consecutive,
        failureRate,
        minResults,
        window,
        silence,
        slowness,
        hedgeWins,
        holdDown,
        maxHoldDown,
        other,
        healthyFor,
        ramp);
  }

  /** The same policy, coming back after another time of health and over another ramp. */
  public RegionPolicy failback(Duration healthy, Duration over) {
    return new RegionPolicy(
        consecutive,
        failureRate,
        minResults,
        window,
        silence,
        slowness,
        hedgeWins,
        holdDown,
        maxHoldDown,
        probeInterval,
        healthy,
        over);
  }

  private static void requireAtLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: at least 1)");
    }
  }

  private static void requirePositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: more than zero)");
    }
  }
}
