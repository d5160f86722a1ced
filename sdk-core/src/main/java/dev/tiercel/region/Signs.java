package dev.tiercel.region;

import dev.tiercel.time.Durations;

/**
 * What can be seen of a region: its answers and failures, how long they take, its silence, and its
 * endpoints.
 *
 * <p>Beginnings, ends and answers are noted lock-free and by any thread; everything else is done by
 * one at a time.
 */
final class Signs {

  private final RegionPolicy policy;
  private final Endpoints endpoints;
  private final Failures failures;
  private final Paces paces;
  private final Quiet quiet;
  private final Probes probes;
  private final Streak beats = new Streak();

  Signs(Region region, RegionPolicy policy, long nowNanos) {
    this.policy = policy;
    this.endpoints = new Endpoints(region);
    this.failures = new Failures(policy, nowNanos);
    this.paces = new Paces(policy.slowness(), nowNanos);
    this.quiet = new Quiet(nowNanos);
    this.probes = new Probes(policy, quiet, nowNanos);
  }

  void began() {
    quiet.began();
  }

  void ended() {
    quiet.ended();
  }

  void answered(int keys, long tookNanos, long nowNanos) {
    failures.succeeded(nowNanos);
    quiet.answered(nowNanos);
    paces.answered(keys, tookNanos);
  }

  /** Counts a failure, and says whether they are too many. */
  boolean failed(long nowNanos) {
    return failures.failed(nowNanos);
  }

  /** Counts a read that another region answered sooner, and says whether they are too many. */
  boolean beaten(long nowNanos) {
    beats.goOn(nowNanos);
    return beats.count() >= policy.hedgeWins();
  }

  /** There was an answer since the last failure and the last lost hedge. */
  void endRows() {
    failures.endRow();
    beats.end();
  }

  /** Failures of before say nothing of now. */
  void forgive() {
    failures.clear();
    beats.end();
  }

  /** Nothing of before says anything of now but how long calls used to take. */
  void forget(long nowNanos) {
    forgive();
    quiet.forget(nowNanos);
    probes.forget();
    paces.forgetWindows(nowNanos);
  }

  /** Whether it is lost, whatever the last answers say: its endpoints are, or it is silent. */
  boolean isLost(long nowNanos) {
    return isSilent(nowNanos) || endpoints.areLost();
  }

  /** As long as it is not known what a call takes, it may take as long as it likes. */
  private boolean isSilent(long nowNanos) {
    var usual = paces.mostUsualNanos();
    var bound = Math.max(Durations.nanos(policy.silence()), (long) (policy.slowness() * usual));
    return usual > 0 && quiet.isSilent(nowNanos, bound, policy.consecutive());
  }

  /** Whether a copy of a read is to be sent there, rarely if it is known to be well. */
  boolean takeProbe(boolean well, long nowNanos) {
    return probes.isDue(well && paces.presentNanos() > 0, nowNanos);
  }

  Endpoints endpoints() {
    return endpoints;
  }

  Paces paces() {
    return paces;
  }
}
