package dev.tiercel.hedge;

import dev.tiercel.backend.ReadRequest;
import dev.tiercel.time.Time;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * When reads of a backend are slow, by what they ask for: what is quick for one kind of read is
 * slow for another. Thread-safe.
 */
final class Delays {

  private static final int SIZES = 4;
  private static final int KINDS = 3;

  private final HedgePolicy policy;
  private final Time time;
  private final AtomicReferenceArray<DelayEstimator> estimators =
      new AtomicReferenceArray<>(KINDS * SIZES);

  Delays(HedgePolicy policy, Time time) {
    this.policy = policy;
    this.time = time;
  }

  /** The estimator of reads like this one. */
  DelayEstimator of(ReadRequest request) {
    var index = kind(request) * SIZES + size(request.keys().size());
    var known = estimators.get(index);
    return known == null ? made(index) : known;
  }

  // Most backends see few kinds of reads, and an estimator is 20 kB.
  private DelayEstimator made(int index) {
    var made = new DelayEstimator(policy, time);
    var other = estimators.compareAndExchange(index, null, made);
    return other == null ? made : other;
  }

  private static int kind(ReadRequest request) {
    if (request.freshness().consistent()) {
      return 2;
    }
    return request.lease().isZero() ? 0 : 1;
  }

  private static int size(int keys) {
    if (keys == 1) {
      return 0;
    }
    if (keys <= 8) {
      return 1;
    }
    return keys <= 64 ? 2 : 3;
  }
}
