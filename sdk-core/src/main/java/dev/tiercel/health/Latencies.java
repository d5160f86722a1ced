package dev.tiercel.health;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How long calls took, those that never ended apart from those that did: counts in buckets that are
 * 3 % wide, from 2 us to 68 s, and 32 ns wide below.
 *
 * <p>Lock-free; a reader may miss what is being counted.
 */
final class Latencies {

  private static final int UNIT_BITS = 5;
  private static final int SUB_BITS = 5;
  private static final long MOST = (1L << 31) - 1;

  /** How many buckets there are. */
  static final int BUCKETS = bucket(Long.MAX_VALUE) + 1;

  /** A bucket that is full counts no more: a window without end must not overflow. */
  private static final int FULL = 1 << 24;

  private final AtomicIntegerArray answered = new AtomicIntegerArray(BUCKETS);
  private final AtomicIntegerArray unanswered = new AtomicIntegerArray(BUCKETS);

  /** Where a time is counted. */
  static int bucket(long nanos) {
    var units = Math.min(MOST, Math.max(0, nanos) >>> UNIT_BITS);
    var shift = Math.max(0, 63 - SUB_BITS - Long.numberOfLeadingZeros(units | 1));
    return (shift << SUB_BITS) + (int) (units >>> shift);
  }

  /** The time at the end of a bucket, in nanoseconds: whatever is counted there took less. */
  static long end(int bucket) {
    var shift = Math.max(0, (bucket >>> SUB_BITS) - 1);
    var units = (long) bucket + 1 - ((long) shift << SUB_BITS);
    return units << shift << UNIT_BITS;
  }

  /** Counts a call that was answered. */
  void answered(long nanos) {
    count(answered, bucket(nanos));
  }

  /** Counts a call that was given up after so long. */
  void unanswered(long nanos) {
    count(unanswered, bucket(nanos));
  }

  /** Adds the counts to others, and tells how many calls were answered. */
  long addTo(int[] answeredSum, int[] unansweredSum) {
    var answers = 0L;
    for (var bucket = 0; bucket < BUCKETS; bucket++) {
      var count = answered.get(bucket);
      answers += count;
      answeredSum[bucket] += count;
      unansweredSum[bucket] += unanswered.get(bucket);
    }
    return answers;
  }

  /** Forgets everything. */
  void clear() {
    for (var bucket = 0; bucket < BUCKETS; bucket++) {
      answered.set(bucket, 0);
      unanswered.set(bucket, 0);
    }
  }

  private static void count(AtomicIntegerArray counts, int bucket) {
    if (counts.get(bucket) < FULL) {
      counts.getAndIncrement(bucket);
    }
  }
}
