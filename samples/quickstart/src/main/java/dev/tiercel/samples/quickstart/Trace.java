package dev.tiercel.samples.quickstart;

import com.google.common.primitives.ImmutableLongArray;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.commons.rng.sampling.distribution.RejectionInversionZipfSampler;

/**
 * Which items are asked for, in which order.
 *
 * @param name what to call it
 * @param items the items, one per request
 */
record Trace(String name, ImmutableLongArray items) {

  private static final int ITEMS = 20_000;
  private static final double EXPONENT = 0.99;

  /**
   * A generated trace over 20,000 items of which few are popular (Zipf's law with exponent 0.99).
   *
   * @param requests how many
   * @param seed the same seed gives the same trace
   */
  static Trace zipf(int requests, long seed) {
    var sampler =
        RejectionInversionZipfSampler.of(new SplittableRandom(seed)::nextLong, ITEMS, EXPONENT);
    var items = ImmutableLongArray.builder(requests);
    for (var request = 0; request < requests; request++) {
      items.add(sampler.sample());
    }
    return new Trace("zipf", items.build());
  }

  /** Every item once, in the order of its first request. */
  Set<Long> distinct() {
    return new LinkedHashSet<>(items.asList());
  }
}
