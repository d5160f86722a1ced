package dev.tiercel.observe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How old disagreements were, in a histogram of fixed size.
 *
 * @param counts how many were shorter than 1 ms, than 2 ms, than 4 ms and so on, each without those
 *     before; the last holds everything longer too
 * @param max the longest, zero if there was none
 */
public record DisagreementAges(List<Long> counts, Duration max) {

  /** Up to 2^34 ms, half a year. */
  static final int BUCKETS = 36;

  /** None. */
  static final DisagreementAges NONE =
      new DisagreementAges(Collections.nCopies(BUCKETS, 0L), Duration.ZERO);

  /** Copies the counts. */
  public DisagreementAges {
    counts = List.copyOf(counts);
  }

  /** How many ages there are. */
  public long count() {
    return counts.stream().mapToLong(each -> each).sum();
  }

  /**
   * The age that a part of the disagreements did not exceed, up to twice too long; zero if there
   * are none.
   *
   * @param quantile the part, 0 to 1
   */
  public Duration quantile(double quantile) {
    if (!(quantile >= 0 && quantile <= 1)) {
      throw new IllegalArgumentException("quantile: " + quantile + " (expected: 0 to 1)");
    }
    var rank = Math.max(1, (long) Math.ceil(quantile * count()));
    var seen = 0L;
    for (var bucket = 0; bucket < counts.size() - 1; bucket++) {
      seen += counts.get(bucket);
      if (seen >= rank) {
        var bound = Duration.ofMillis(1L << bucket);
        return bound.compareTo(max) < 0 ? bound : max;
      }
    }
    return max;
  }

  /** The bucket of an age. */
  static int bucket(Duration age) {
    var millis = Math.max(0, age.toMillis());
    return Math.min(BUCKETS - 1, Long.SIZE - Long.numberOfLeadingZeros(millis));
  }

  /** These ages and others. */
  DisagreementAges and(DisagreementAges others) {
    var sums = new ArrayList<Long>(BUCKETS);
    for (var bucket = 0; bucket < BUCKETS; bucket++) {
      sums.add(counts.get(bucket) + others.counts.get(bucket));
    }
    return new DisagreementAges(sums, max.compareTo(others.max) < 0 ? others.max : max);
  }
}
