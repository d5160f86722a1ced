package dev.tiercel.docs;

import dev.tiercel.backend.Tier;
import dev.tiercel.observe.ServingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The tiers that did not store a load because it had been overtaken, in the order in which they
 * said so.
 */
final class RefusedFills implements ServingListener {

  private final BlockingQueue<Tier> tiers = new LinkedBlockingQueue<>();

  @Override
  public void onFillRefused(String keyspace, Tier tier) {
    tiers.add(tier);
  }

  /**
   * Waits for so many refusals and returns their tiers; fewer if the others do not come within ten
   * seconds each.
   */
  List<Tier> next(int count) throws InterruptedException {
    var next = new ArrayList<Tier>();
    for (var i = 0; i < count; i++) {
      var tier = tiers.poll(10, TimeUnit.SECONDS);
      if (tier != null) {
        next.add(tier);
      }
    }
    return next;
  }
}
