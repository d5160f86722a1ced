package dev.tiercel.testing.run;

import dev.tiercel.testing.check.FaultWindow;
import java.util.Locale;

/** A kind of trouble, and what it befalls. */
enum FaultKind {
  FEED_CUT(Target.FEED),
  FEED_BLACK_HOLE(Target.FEED),
  FEED_DELAY(Target.FEED),
  FEED_SLOW(Target.FEED),
  DATA_CUT(Target.DATA),
  DATA_BLACK_HOLE(Target.DATA),
  DATA_SLOW(Target.DATA),
  SOURCE_DELAY(Target.SOURCE),
  SOURCE_BLACK_HOLE(Target.SOURCE),
  REDIS_RESTART(Target.REDIS),
  REDIS_FLUSH(Target.REDIS),
  WORKER_PAUSE(Target.WORKER),

  /** A source somewhat farther away: no fault, and no excuse for anything. */
  SOURCE_LATENCY(Target.SOURCE);

  /** What a fault befalls. Two faults at once never befall the same. */
  enum Target {
    /** A worker's Redis connection that hears of changes. */
    FEED,
    /** A worker's other Redis connections. */
    DATA,
    /** A worker's connections to the source of record. */
    SOURCE,
    /** The Redis of all workers. */
    REDIS,
    /** A worker's process. */
    WORKER
  }

  private final Target target;

  FaultKind(Target target) {
    this.target = target;
  }

  Target target() {
    return target;
  }

  /** Whether it befalls one worker, not all. */
  boolean isOfOneWorker() {
    return target != Target.REDIS;
  }

  /** What it breaks, as far as what it excuses goes. */
  FaultWindow.Target broken() {
    return switch (target) {
      case FEED -> FaultWindow.Target.FEED;
      case DATA -> FaultWindow.Target.DATA;
      case SOURCE -> FaultWindow.Target.SOURCE;
      case WORKER -> FaultWindow.Target.PROCESS;
      case REDIS -> this == REDIS_FLUSH ? FaultWindow.Target.CONTENTS : FaultWindow.Target.CACHE;
    };
  }

  boolean isFault() {
    return this != SOURCE_LATENCY;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
