package dev.tiercel.region;

import dev.tiercel.health.RegionState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A region that is doing as a test says, and writes down what it hears. */
final class FakeHealth implements RegionHealth {

  volatile RegionState state = RegionState.HEALTHY;
  volatile boolean takesMore = true;
  volatile boolean takesProbe;
  volatile Duration typical = Duration.ZERO;
  final AtomicInteger began = new AtomicInteger();
  final AtomicInteger beaten = new AtomicInteger();
  final List<Verdict> ended = new CopyOnWriteArrayList<>();
  final AtomicInteger askedToProbe = new AtomicInteger();
  volatile long lastTookNanos;

  /** Calls on their way. */
  int underWay() {
    return began.get() - ended.size();
  }

  @Override
  public void began(long nowNanos) {
    began.incrementAndGet();
  }

  @Override
  public void ended(Verdict verdict, long tookNanos, long nowNanos) {
    lastTookNanos = tookNanos;
    ended.add(verdict);
  }

  @Override
  public void beaten(long nowNanos) {
    beaten.incrementAndGet();
  }

  @Override
  public boolean takesProbe(long nowNanos) {
    askedToProbe.incrementAndGet();
    return takesProbe;
  }

  @Override
  public RegionState state(long nowNanos) {
    return state;
  }

  @Override
  public double share(long nowNanos) {
    return 1;
  }

  @Override
  public long typicalNanos() {
    return typical.toNanos();
  }

  @Override
  public boolean takesMore() {
    return takesMore;
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
