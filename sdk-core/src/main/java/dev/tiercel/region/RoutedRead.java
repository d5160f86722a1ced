package dev.tiercel.region;

import dev.tiercel.backend.Completions;
import dev.tiercel.backend.DirectFuture;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.error.Unavailable;
import dev.tiercel.health.DelayEstimator;
import dev.tiercel.region.Detours.Departure;
import dev.tiercel.region.Detours.Loss;
import dev.tiercel.region.RegionHealth.Verdict;
import dev.tiercel.tier.Tiers;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One read of keys that go the same way through the regions. The first is asked for all of them;
 * what it fails, or has not received yet, goes on to the next, and what it is slow with is asked
 * there as well. The first acceptable outcome of each key wins; a failure never beats an answer
 * that is still on its way. Whoever is not needed any more is cancelled.
 *
 * <p>Every key without an outcome is either on its way in a leg, or its leg or a timer is about to
 * call {@link #goOn}, which sends it on or gives it up: so each gets its outcome, and the last ends
 * the read. Regions end by the deadline by themselves, and the read with them.
 *
 * <p>One monitor guards all that has happened; it is not held while a region is asked, a future
 * completed or anybody told.
 */
final class RoutedRead extends DirectFuture<ReadResult> {

  private static final Logger LOG = LoggerFactory.getLogger(RoutedRead.class);

  /** For how long keys that failed wait for others to go on with, while their region works on. */
  private static final Duration GATHER = Duration.ofMillis(1);

  private final Reads reads;
  private final Ask ask;
  private final Way way;
  private final Tiers.Early early;

  /** Keys that their reader has not been told of. */
  private final AtomicInteger untold;

  /** Guarded by the read's own monitor, as all that follows. */
  private final Progress progress;

  private final Detours detours;
  private Time.@Nullable Timer gathering;

  RoutedRead(Reads reads, Ask ask, Way way, Tiers.Early early) {
    this.reads = reads;
    this.ask = ask;
    this.way = way;
    this.early = early;
    this.untold = new AtomicInteger(ask.request().keys().size());
    this.progress = new Progress(ask.request(), reads::areAllWhoCount);
    this.detours = new Detours(this, ask, progress, reads.budget());
  }

  /** Asks the first region. */
  RoutedRead begin(long now) {
    Leg first;
    synchronized (this) {
      first = detours.first(way.first(), now);
    }
    send(first);
    return this;
  }

  boolean isCurrent(Lane lane) {
    return reads.isCurrent(lane);
  }

  private void send(Leg leg) {
    leg.lane().began(leg.sentNanos());
    var sent = sent(leg);
    boolean unwanted;
    synchronized (this) {
      leg.sent(sent);
      unwanted = progress.isOver() && !leg.isOver();
      if (!progress.isOver() && !leg.isOver()) {
        setTimer(leg);
      }
    }
    if (unwanted) {
      sent.cancel(true);
    }
    Completions.onEnd(sent, leg);
  }

  /** What is thrown here would leave the read without an end. */
  private CompletableFuture<ReadResult> sent(Leg leg) {
    var attempt = ask.context().attempt(ask.context().attempt() + leg.number());
    try {
      return leg.lane().tiers().read(leg.request(), attempt, ask.patienceNow(), leg);
    } catch (RuntimeException | Error thrown) {
      return CompletableFuture.failedFuture(thrown);
    }
  }

  /** Under the monitor. Finds the leg slow in its time, if there is anybody else to ask then. */
  private void setTimer(Leg leg) {
    var delay = detours.delayNanos(leg, way);
    if (delay != DelayEstimator.NEVER) {
      leg.timer(reads.time().schedule(Duration.ofNanos(delay), leg));
    }
  }

  /** A key's outcome at a region is known. */
  void told(Leg leg, int position, ReadOutcome outcome) {
    @Nullable ReadOutcome taken;
    boolean last;
    @Nullable Leg beaten;
    synchronized (this) {
      if (leg.isOver()) {
        return;
      }
      taken = progress.take(leg, position, outcome);
      last = leg.count(position, outcome, taken != null);
      beaten = taken == null ? null : leg.beatenNow();
      if (!last && taken == null && progress.isStuck(position)) {
        gather();
      }
    }
    if (Causes.verdict(outcome) == Verdict.ANSWERED) {
      leg.lane().spoke();
    }
    if (last) {
      account(leg);
    }
    if (beaten != null) {
      beaten.lane().health().beaten(reads.time().nanos());
    }
    if (taken != null) {
      tell(position, taken);
    }
    if (last) {
      goOn();
    }
  }

  /** Under the monitor. Keys of a batch mostly fail together, and go on together. */
  private void gather() {
    if (gathering == null) {
      gathering = reads.time().schedule(GATHER, this::gathered);
    }
  }

  private void gathered() {
    synchronized (this) {
      gathering = null;
    }
    goOn();
  }

  /** A region's own future has ended. */
  void ended(Leg leg, @Nullable ReadResult result, @Nullable Throwable thrown) {
    if (result != null) {
      tellRest(leg, result);
    }
    synchronized (this) {
      if (leg.isOver()) {
        return;
      }
      leg.end(unsaid(leg, result, thrown));
    }
    account(leg);
    goOn();
  }

  /** For a region that tells of its keys only with its result. */
  private void tellRest(Leg leg, ReadResult result) {
    for (var index = 0; index < result.outcomes().size(); index++) {
      var position = leg.position(index);
      boolean isNew;
      synchronized (this) {
        isNew = leg.isAwaited(position) && progress.board().isOpen(position);
      }
      if (isNew) {
        told(leg, position, result.outcomes().get(index));
      }
    }
  }

  /** Under the monitor. What it means for the region that it says nothing more. */
  private Verdict unsaid(Leg leg, @Nullable ReadResult result, @Nullable Throwable thrown) {
    if (result != null) {
      return Verdict.ANSWERED;
    }
    var cause = Completions.typed(
        thrown,
        (name, failure) ->
            new Unavailable("region: failed with " + name, leg.lane().where(), failure));
    progress.fail(leg, cause);
    // Cancelled by whoever needs it no more, or closes what it was asked of.
    return progress.isOver()
            || (thrown != null && Completions.cause(thrown) instanceof CancellationException)
        ? Verdict.IGNORED
        : Causes.verdict(cause);
  }

  /** A leg is over: nobody but this thread has found it so. */
  private void account(Leg leg) {
    Time.@Nullable Timer waiting;
    int won;
    synchronized (this) {
      waiting = leg.takeTimer();
      won = leg.number() == 0 ? leg.won() : 0;
    }
    if (waiting != null) {
      waiting.cancel();
    }
    var now = reads.time().nanos();
    leg.lane().ended(leg.request(), leg.verdict(), now - leg.sentNanos(), now);
    if (ask.context().attempt() == 1) {
      reads.budget().succeeded(won, now);
    }
  }

  /** Sends on what has failed and nobody can bring any more, or else gives it up. */
  private void goOn() {
    synchronized (this) {
      if (progress.stuck().isEmpty()) {
        return;
      }
    }
    var now = reads.time().nanos();
    var lanes = way.onward(now, ask.context().deadline().remainingNanos(now));
    List<Departure> departures;
    List<Loss> losses;
    synchronized (this) {
      departures = detours.onward(lanes, now);
      losses = detours.losses();
    }
    departures.forEach(this::depart);
    losses.forEach(loss -> tell(loss.position(), loss.outcome()));
  }

  /** A leg has not been answered in the usual time. */
  void slow(Leg leg) {
    var now = reads.time().nanos();
    var lanes = way.besides(now, ask.context().deadline().remainingNanos(now));
    @Nullable Departure departure;
    boolean silent;
    synchronized (this) {
      if (progress.isOver() || leg.isOver()) {
        return;
      }
      silent = leg.isSilent();
      departure = detours.beside(leg, lanes, now);
    }
    if (silent) {
      leg.lane().silent();
    }
    if (departure != null) {
      depart(departure);
    }
  }

  private void depart(Departure departure) {
    synchronized (this) {
      if (progress.isOver()) {
        return;
      }
    }
    departure.tell(reads.listener(), ask.request().keyspace());
    send(departure.leg());
  }

  private void tell(int position, ReadOutcome outcome) {
    try {
      early.outcome(position, outcome);
    } catch (RuntimeException | Error thrown) {
      // The other keys are told all the same, and the read ends.
      LOG.error("reader: threw when told of a key (expected: no exception)", thrown);
    } finally {
      if (untold.decrementAndGet() == 0) {
        end();
      }
    }
  }

  private void end() {
    Time.@Nullable Timer waiting;
    List<Leg> unneeded;
    synchronized (this) {
      if (progress.isOver()) {
        return;
      }
      unneeded = progress.end();
      waiting = gathering;
    }
    if (waiting != null) {
      waiting.cancel();
    }
    if (!isDone()) {
      complete(progress.board().result());
    }
    unneeded.forEach(this::cancel);
  }

  /** Down to the tiers' own futures; one that is only being sent finds out by itself. */
  private void cancel(Leg leg) {
    Time.@Nullable Timer waiting;
    @Nullable CompletableFuture<ReadResult> sent;
    synchronized (this) {
      waiting = leg.takeTimer();
      sent = leg.sent();
    }
    if (waiting != null) {
      waiting.cancel();
    }
    if (sent != null) {
      sent.cancel(true);
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    var cancelled = super.cancel(mayInterruptIfRunning);
    if (cancelled) {
      end();
    }
    return cancelled;
  }
}
