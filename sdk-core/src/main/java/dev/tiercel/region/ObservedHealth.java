package dev.tiercel.region;

import dev.tiercel.health.RegionState;
import dev.tiercel.observe.Announcements;
import dev.tiercel.time.Time;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/**
 * How a region is doing as far as its own answers and its endpoints tell: nothing is sent for it
 * but copies of reads, and no timer is set. Whoever comes by looks, at most every 10 ms.
 *
 * <p>Thread-safe. The path of a healthy region takes no lock; states are noted under one and told
 * outside of it.
 */
final class ObservedHealth implements RegionHealth {

  private final Time time;
  private final BiConsumer<RegionState, RegionState> noted;
  private final Announcements announcements;
  private final Signs signs;
  private final HoldDown holdDown;
  private final Ramp ramp;
  private final Glance glance;
  private final ReentrantLock lock = new ReentrantLock();

  private volatile RegionState state = RegionState.HEALTHY;

  /** Nothing has failed or been beaten since the last answer, which nobody waits for. */
  private volatile boolean calm = true;

  /** What was asked before then is no news. */
  private volatile long newsNanos;

  /** Degraded because others are faster, whatever its own answers say. */
  private volatile boolean beaten;

  /**
   * A region that counts as healthy until it shows otherwise.
   *
   * @param noted hears of each state left and entered, under a lock: it only notes them
   * @param announcements told after that, outside of the lock
   */
  ObservedHealth(
      Region region,
      RegionPolicy policy,
      RandomGenerator random,
      Time time,
      BiConsumer<RegionState, RegionState> noted,
      Announcements announcements) {
    var now = time.nanos();
    this.time = time;
    this.noted = noted;
    this.announcements = announcements;
    this.signs = new Signs(region, policy, now);
    this.holdDown = new HoldDown(policy, random, now);
    this.ramp = new Ramp(policy.ramp(), now);
    this.glance = new Glance(now);
    this.newsNanos = now;
  }

  @Override
  public void began(long nowNanos) {
    look(nowNanos);
    signs.began();
  }

  @Override
  public void ended(Verdict verdict, long tookNanos, long nowNanos) {
    ended(verdict, 1, tookNanos, nowNanos);
  }

  @Override
  public void ended(Verdict verdict, int keys, long tookNanos, long nowNanos) {
    signs.ended();
    if (verdict == Verdict.IGNORED || !isNews(nowNanos - tookNanos)) {
      return;
    }
    if (verdict == Verdict.ANSWERED) {
      answered(keys, tookNanos, nowNanos);
    } else {
      locked(() -> failed(nowNanos - tookNanos, nowNanos));
    }
  }

  /** What was asked before it was last left alone says nothing of now. */
  private boolean isNews(long beganNanos) {
    return isInUse() && beganNanos - newsNanos >= 0;
  }

  private boolean isInUse() {
    var now = state;
    return now != RegionState.DOWN && now != RegionState.DRAINED;
  }

  private void answered(int keys, long tookNanos, long nowNanos) {
    signs.answered(keys, tookNanos, nowNanos);
    if (signs.paces().isOver(keys, nowNanos)) {
      locked(() -> judge(keys, nowNanos));
    }
    if (!calm) {
      locked(() -> settle(nowNanos));
    }
  }

  private void settle(long nowNanos) {
    signs.endRows();
    if (state == RegionState.PROBING && holdDown.isHealthy(nowNanos)) {
      comeBack(nowNanos);
    }
    calm = isInUse() && state != RegionState.PROBING;
  }

  private void judge(int keys, long nowNanos) {
    if (!signs.paces().isOver(keys, nowNanos)) {
      return; // another thread has ended it
    }
    var degraded = state == RegionState.DEGRADED;
    var judgement = signs.paces().endWindow(keys, degraded, nowNanos);
    if (degraded) {
      improve(judgement, nowNanos);
    } else if (isPassable() && judgement == Paces.Judgement.STILL_SLOW) {
      degrade(nowNanos);
    }
  }

  private boolean isPassable() {
    return state == RegionState.HEALTHY || state == RegionState.RAMPING;
  }

  private void improve(Paces.Judgement judgement, long nowNanos) {
    if (judgement != Paces.Judgement.WELL) {
      holdDown.interrupt();
    } else if (holdDown.isFast(nowNanos)) {
      comeBack(nowNanos);
    }
  }

  private void failed(long beganNanos, long nowNanos) {
    if (!isNews(beganNanos)) {
      return; // it has been left, or tried again, meanwhile
    }
    calm = false;
    if (state == RegionState.PROBING || signs.failed(nowNanos)) {
      goDown(nowNanos);
    }
  }

  @Override
  public void beaten(long nowNanos) {
    locked(() -> lose(nowNanos));
  }

  private void lose(long nowNanos) {
    calm = false;
    if (state == RegionState.DEGRADED) {
      holdDown.interrupt();
    }
    if (!signs.beaten(nowNanos)) {
      return;
    }
    if (isPassable()) {
      degrade(nowNanos);
    }
    beaten = state == RegionState.DEGRADED;
  }

  private void degrade(long nowNanos) {
    holdDown.begin(nowNanos);
    enter(RegionState.DEGRADED);
  }

  private void goDown(long nowNanos) {
    if (state == RegionState.DEGRADED) {
      holdDown.restart(nowNanos);
    } else {
      holdDown.begin(nowNanos);
    }
    enter(RegionState.DOWN);
  }

  /** What is known of the time before says nothing of the time from now on. */
  private void startAnew(long nowNanos) {
    newsNanos = nowNanos;
    signs.forget(nowNanos);
  }

  private void comeBack(long nowNanos) {
    signs.forgive();
    ramp.begin(nowNanos);
    enter(RegionState.RAMPING);
  }

  /** Under the lock. */
  private void enter(RegionState now) {
    var before = state;
    if (now == before) {
      return;
    }
    state = now;
    beaten = false;
    calm = calm && isInUse() && now != RegionState.PROBING;
    noted.accept(before, now);
  }

  private void look(long nowNanos) {
    if (glance.isDue(nowNanos)) {
      locked(() -> review(nowNanos));
    }
  }

  private void review(long nowNanos) {
    switch (state) {
      case HEALTHY, DEGRADED, PROBING -> leaveIfLost(nowNanos);
      case RAMPING -> {
        leaveIfLost(nowNanos);
        endRamp(nowNanos);
      }
      case DOWN -> tryAgain(nowNanos);
      case DRAINED -> {}
    }
  }

  private void leaveIfLost(long nowNanos) {
    if (signs.isLost(nowNanos)) {
      goDown(nowNanos);
    }
  }

  private void tryAgain(long nowNanos) {
    if (holdDown.isOver(nowNanos) && !signs.endpoints().areLost()) {
      startAnew(nowNanos);
      enter(RegionState.PROBING);
    }
  }

  private void endRamp(long nowNanos) {
    if (state == RegionState.RAMPING && ramp.share(nowNanos) >= 1) {
      holdDown.end(nowNanos);
      enter(RegionState.HEALTHY);
    }
  }

  @Override
  public boolean takesProbe(long nowNanos) {
    look(nowNanos);
    var well = calm && state == RegionState.HEALTHY;
    return isInUse() && signs.takeProbe(well, nowNanos);
  }

  @Override
  public RegionState state(long nowNanos) {
    look(nowNanos);
    return state;
  }

  @Override
  public double share(long nowNanos) {
    return switch (state(nowNanos)) {
      case HEALTHY, DEGRADED -> 1;
      case RAMPING -> ramp.share(nowNanos);
      case DOWN, PROBING, DRAINED -> 0;
    };
  }

  @Override
  public long typicalNanos() {
    return signs.paces().presentNanos();
  }

  @Override
  public boolean isSlowerThan(RegionHealth other) {
    return beaten || RegionHealth.super.isSlowerThan(other);
  }

  @Override
  public boolean takesMore() {
    return signs.endpoints().takeMore();
  }

  @Override
  public void drain() {
    locked(() -> enter(RegionState.DRAINED));
  }

  @Override
  public void undrain() {
    locked(() -> {
      if (state == RegionState.DRAINED) {
        startAnew(time.nanos());
        comeBack(time.nanos());
      }
    });
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
    announcements.tell();
  }
}
