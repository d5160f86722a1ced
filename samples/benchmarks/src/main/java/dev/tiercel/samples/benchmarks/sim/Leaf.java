package dev.tiercel.samples.benchmarks.sim;

import dev.tiercel.backend.ReadRequest;
import java.util.SplittableRandom;

/** A server whose latencies are drawn one by one: they depend neither on load nor on each other. */
final class Leaf extends Server {

  private final TailDistribution latencies;
  private final SplittableRandom random;

  Leaf(VirtualTime time, TailDistribution latencies, SplittableRandom random) {
    super(time);
    this.latencies = latencies;
    this.random = random;
  }

  @Override
  long serve(ReadRequest request) {
    return latencies.exceededBy(1 - random.nextDouble());
  }
}
