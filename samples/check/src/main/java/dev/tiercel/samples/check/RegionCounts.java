package dev.tiercel.samples.check;

import dev.tiercel.health.RegionState;
import dev.tiercel.observe.ServingListener;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts how often processes have left a region, and found one to be lost. Thread-safe. */
final class RegionCounts implements ServingListener {

  private final AtomicInteger switches = new AtomicInteger();
  private final AtomicInteger losses = new AtomicInteger();

  @Override
  public void onRegionState(String keyspace, String region, RegionState from, RegionState to) {
    if (to == RegionState.DOWN) {
      losses.incrementAndGet();
    }
  }

  @Override
  public void onRegionSwitch(String keyspace, String from, String to) {
    switches.incrementAndGet();
  }

  int switches() {
    return switches.get();
  }

  int losses() {
    return losses.get();
  }
}
