package dev.tiercel.region;

import dev.tiercel.health.RegionState;

/** A region that is doing as the test says. */
final class StagedHealth implements RegionHealth {

  RegionState state = RegionState.HEALTHY;
  double share = 1;
  long typicalNanos;

  @Override
  public void began(long nowNanos) {}

  @Override
  public void ended(Verdict verdict, long tookNanos, long nowNanos) {}

  @Override
  public void beaten(long nowNanos) {}

  @Override
  public boolean takesProbe(long nowNanos) {
    return false;
  }

  @Override
  public RegionState state(long nowNanos) {
    return state;
  }

  @Override
  public double share(long nowNanos) {
    return share;
  }

  @Override
  public long typicalNanos() {
    return typicalNanos;
  }

  @Override
  public boolean takesMore() {
    return true;
  }

  @Override
  public void drain() {
    state = RegionState.DRAINED;
  }

  @Override
  public void undrain() {
    state = RegionState.RAMPING;
  }
}
