package dev.tiercel;

import dev.tiercel.region.RegionRouter;
import dev.tiercel.tier.Tiers;
import dev.tiercel.time.Durations;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a keyspace stands on, below its local tier.
 *
 * @param tiers what is read and written: the one stack there is, or the router
 * @param stacks the stacks, the nearest region's first
 * @param router chooses between the stacks, null if there is only one
 */
record Below(Tiers tiers, List<Stack> stacks, @Nullable RegionRouter router) {

  /** The stack of a region. */
  Stack stack(String region) {
    return stacks.stream()
        .filter(stack -> stack.region().equals(region))
        .findFirst()
        .orElseThrow();
  }

  /** Tells the remote tiers nothing more in the background; for the end of the client. */
  void stop() {
    if (router != null) {
      router.stop();
    }
    stacks.forEach(stack -> stack.tiers().stopRetelling());
  }

  /** Waits until no write to a remote tier is on its way; false if that took too long. */
  boolean drain(Duration timeout, Time time) throws InterruptedException {
    var end = time.nanos() + Durations.nanos(timeout);
    var drained = true;
    for (var stack : stacks) {
      var left = Duration.ofNanos(Math.max(0, end - time.nanos()));
      drained &= stack.tiers().drain(left);
    }
    return drained;
  }
}
