package dev.tiercel.region;

import dev.tiercel.time.Durations;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When a copy of a read is sent to a region to learn how it is doing: once per interval, one at a
 * time, and not if it is asked anyhow. Lock-free and thread-safe.
 */
final class Probes {

  /** How much rarer probes are in a region that is known to be well. */
  private static final int RESTING = 4;

  /** How many intervals a probe that does not end holds the next one up. */
  private static final int PATIENCE = 8;

  /** No probe has been sent that could be waited for. */
  private static final long NONE = -1;

  private final long intervalNanos;
  private final Quiet calls;
  private final AtomicLong nextAt;

  /** Calls that had begun when an interval was last looked at, the probe sent then included. */
  private volatile long begun;

  private volatile long endings = NONE;
  private volatile long sentNanos;

  Probes(RegionPolicy policy, Quiet calls, long nowNanos) {
    this.intervalNanos = Durations.nanos(policy.probeInterval());
    this.calls = calls;
    this.nextAt = new AtomicLong(nowNanos);
    this.sentNanos = nowNanos;
  }

  /** Whether to send one now. */
  boolean isDue(boolean resting, long nowNanos) {
    var at = nextAt.get();
    var interval = resting ? RESTING * intervalNanos : intervalNanos;
    return nowNanos - at >= 0
        && nextAt.compareAndSet(at, nowNanos + interval)
        && !isAsked()
        && isOver(nowNanos)
        && send(nowNanos);
  }

  /** What was asked before says nothing of now. */
  void forget() {
    begun = calls.begun();
  }

  private boolean isAsked() {
    var now = calls.begun();
    var asked = now > begun;
    begun = now;
    return asked;
  }

  /** Whether something has ended since the last probe was sent. */
  private boolean isOver(long nowNanos) {
    return calls.endings() != endings || nowNanos - sentNanos >= PATIENCE * intervalNanos;
  }

  private boolean send(long nowNanos) {
    endings = calls.endings();
    sentNanos = nowNanos;
    begun = calls.begun() + 1;
    return true;
  }
}
