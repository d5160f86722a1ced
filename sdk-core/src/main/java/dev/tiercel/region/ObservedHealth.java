package dev.tiercel.region;

import dev.tiercel.health.RegionState;
import dev.tiercel.observe.Announcements;
import dev.tiercel.time.Durations;
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

  private final RegionPolicy policy;
  private final Time time;
  private final Endpoints endpoints;
  private final BiConsumer<RegionState, RegionState> noted;
  private final Announcements announcements;
  private final Failures failures;
  private final Quiet quiet;
  private final Paces paces;
  private final Probes probes;
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

  private final Streak beats = new Streak();
  private final Streak recovery = new Streak();

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
    this.policy = policy;
    this.time = time;
    this.noted = noted;
    this.announcements = announcements;
    this.endpoints = new Endpoints(region);
    this.failures = new Failures(policy, now);
    this.quiet = new Quiet(now);
    this.paces = new Paces(policy.slowness(), now);
    this.probes = new Probes(policy, quiet, now);
    this.holdDown = new HoldDown(policy, random, now);
    this.ramp = new Ramp(policy.ramp(), now);
    this.glance = new Glance(now);
    this.newsNanos = now;
  }

  @Override
  public void began(long nowNanos) {
    look(nowNanos);
    quiet.began();
  }

  @Override
  public void ended(Verdict verdict, long tookNanos, long nowNanos) {
    ended(verdict, 1, tookNanos, nowNanos);
  }

  @Override
  public void ended(Verdict verdict, int keys, long tookNanos, long nowNanos) {
    quiet.ended();
    if (verdict == Verdict.IGNORED || !isNews(nowNanos - tookNanos)) {
      return;
    }
    if (verdict == Verdict.ANSWERED) {
      answered(keys, tookNanos, nowNanos);
    } else {
      locked(() -> failed(nowNanos));
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
    failures.succeeded(nowNanos);
    quiet.answered(nowNanos);
    paces.answered(keys, tookNanos);
    if (paces.isOver(keys, nowNanos)) {
      locked(() -> judge(keys, nowNanos));
    }
    if (!calm) {
      locked(() -> settle(nowNanos));
    }
  }

  private void settle(long nowNanos) {
    failures.endRow();
    beats.end();
    if (state == RegionState.PROBING) {
      recovery.goOn(nowNanos);
      if (recovery.isOf(holdDown.healthyNanos(), nowNanos)) {
        comeBack(nowNanos);
      }
    }
    calm = isInUse() && state != RegionState.PROBING;
  }

  private void judge(int keys, long nowNanos) {
    if (!paces.isOver(keys, nowNanos)) {
      return; // another thread has ended it
    }
    var degraded = state == RegionState.DEGRADED;
    var judgement = paces.endWindow(keys, degraded, nowNanos);
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
      recovery.end();
      return;
    }
    recovery.goOn(nowNanos);
    if (recovery.isOf(holdDown.fastNanos(), nowNanos)) {
      comeBack(nowNanos);
    }
  }

  private void failed(long nowNanos) {
    calm = false;
    if (state == RegionState.PROBING || (isInUse() && failures.failed(nowNanos))) {
      goDown(nowNanos);
    }
  }

  @Override
  public void beaten(long nowNanos) {
    locked(() -> lose(nowNanos));
  }

  private void lose(long nowNanos) {
    calm = false;
    beats.goOn(nowNanos);
    if (state == RegionState.DEGRADED) {
      recovery.end();
    }
    if (beats.count() < policy.hedgeWins()) {
      return;
    }
    if (isPassable()) {
      degrade(nowNanos);
    }
    beaten = state == RegionState.DEGRADED;
  }

  private void degrade(long nowNanos) {
    holdDown.begin(nowNanos);
    recovery.end();
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
    failures.clear();
    beats.end();
    recovery.end();
    quiet.forget(nowNanos);
    probes.forget();
    paces.forgetWindows(nowNanos);
  }

  private void comeBack(long nowNanos) {
    failures.clear();
    beats.end();
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
      case HEALTHY, DEGRADED -> leaveIfLost(nowNanos);
      case RAMPING -> {
        leaveIfLost(nowNanos);
        endRamp(nowNanos);
      }
      case DOWN -> {
        if (holdDown.isOver(nowNanos) && !endpoints.areLost()) {
          startAnew(nowNanos);
          enter(RegionState.PROBING);
        }
      }
      case PROBING -> {
        if (endpoints.areLost()) {
          goDown(nowNanos);
        }
      }
      case DRAINED -> {}
    }
  }

  private void leaveIfLost(long nowNanos) {
    if (isSilent(nowNanos) || endpoints.areLost()) {
      goDown(nowNanos);
    }
  }

  /** As long as it is not known what a call takes, it may take as long as it likes. */
  private boolean isSilent(long nowNanos) {
    var usual = paces.mostUsualNanos();
    var bound = Math.max(Durations.nanos(policy.silence()), (long) (policy.slowness() * usual));
    return usual > 0 && quiet.isSilent(nowNanos, bound, policy.consecutive());
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
    var resting = calm && state == RegionState.HEALTHY && typicalNanos() > 0;
    return isInUse() && probes.isDue(resting, nowNanos);
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
    return paces.presentNanos();
  }

  @Override
  public boolean isSlowerThan(RegionHealth other) {
    return beaten || RegionHealth.super.isSlowerThan(other);
  }

  @Override
  public boolean takesMore() {
    return endpoints.takeMore();
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
