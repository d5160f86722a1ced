package dev.tiercel.health;

import dev.tiercel.backend.ReadRequest;
import dev.tiercel.time.Time;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * When reads of a backend are slow, by what they ask for: what is quick for one kind of read is
 * slow for another.
 *
 * <p>A batch is never given more than twice the time of one an eighth its size. Reads gather into
 * large batches mostly while an endpoint stalls, so that the large ones alone would learn the stall
 * as what is normal, and what a batch costs grows far more slowly than its keys.
 *
 * <p>Thread-safe.
 */
public final class Delays {

  private static final int KINDS = 3;

  private final DelayPolicy policy;
  private final Time time;
  private final AtomicReferenceArray<DelayEstimator> estimators =
      new AtomicReferenceArray<>(KINDS * BatchSize.CLASSES);

  /**
   * Knows nothing yet.
   *
   * @param policy which reads are slow
   * @param time the clock
   */
  public Delays(DelayPolicy policy, Time time) {
    this.policy = policy;
    this.time = time;
  }

  /** The estimator of reads like this one. */
  public DelayEstimator of(ReadRequest request) {
    var index =
        kind(request) * BatchSize.CLASSES + BatchSize.classOf(request.keys().size());
    var known = estimators.get(index);
    return known == null ? made(index) : known;
  }

  /** After how many nanoseconds such a read is slow; {@link DelayEstimator#NEVER} if unknown. */
  public long nanos(ReadRequest request) {
    var size = BatchSize.classOf(request.keys().size());
    var first = kind(request) * BatchSize.CLASSES;
    var delay = DelayEstimator.NEVER;
    for (var smaller = 0; smaller <= size; smaller++) {
      var known = estimators.get(first + smaller);
      var own = known == null ? DelayEstimator.NEVER : known.delayNanos();
      var twice = delay == DelayEstimator.NEVER ? delay : 2 * delay;
      delay = Math.min(own, twice);
    }
    return delay;
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
}
