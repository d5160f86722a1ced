package dev.tiercel.region;

import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.budget.AttemptBudget;
import dev.tiercel.health.DelayEstimator;
import dev.tiercel.observe.Detour;
import dev.tiercel.observe.ServingListener;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides who is asked next for what, in one {@link RoutedRead} and under its monitor. */
final class Detours {

  private final RoutedRead read;
  private final Ask ask;
  private final Progress progress;
  private final AttemptBudget budget;

  /**
   * A leg about to be sent beyond the first.
   *
   * @param from who was asked before
   * @param keys how many keys it is for
   * @param behind how many of them the one before had only too old
   */
  record Departure(Leg leg, Lane from, int keys, int behind) {

    /** Tells a listener; not under the monitor. */
    void tell(ServingListener listener, String keyspace) {
      if (behind > 0) {
        listener.onDetour(keyspace, from.name(), leg.lane().name(), behind, Detour.BEHIND);
      }
      if (keys > behind) {
        var why = leg.slower() == null ? Detour.FAILED : Detour.SLOW;
        listener.onDetour(keyspace, from.name(), leg.lane().name(), keys - behind, why);
      }
    }
  }

  /** A key that has failed for good. */
  record Loss(int position, ReadOutcome outcome) {}

  Detours(RoutedRead read, Ask ask, Progress progress, AttemptBudget budget) {
    this.read = read;
    this.ask = ask;
    this.progress = progress;
    this.budget = budget;
  }

  /** The leg that all keys begin with. */
  Leg first(Lane lane, long now) {
    return leg(lane, null, null, now);
  }

  private Leg leg(Lane lane, int @Nullable [] positions, @Nullable Leg slower, long now) {
    var leg = new Leg(read, progress.legs(), lane, ask.request(), positions, slower, now);
    progress.add(leg);
    return leg;
  }

  /**
   * After how many nanoseconds a leg is slow enough for another region to be asked, if one is left;
   * {@link DelayEstimator#NEVER} if not.
   */
  long delayNanos(Leg leg, Way way) {
    if (way.canHedge()) {
      for (var lane : way.lanes()) {
        if (!progress.hasAsked(lane)) {
          var left = ask.patience().remainingNanos(leg.sentNanos());
          return leg.lane().delayNanos(leg.request(), lane.health().typicalNanos(), left);
        }
      }
    }
    return DelayEstimator.NEVER;
  }

  /**
   * Takes keys that have failed, and that nobody can bring any more, to the next regions.
   *
   * @param lanes who may be asked
   */
  List<Departure> onward(List<Lane> lanes, long now) {
    var departures = new ArrayList<Departure>(1);
    var stuck = progress.stuck();
    for (var lane : lanes) {
      var keys = paidFor(progress.onwardTo(lane, stuck));
      if (!keys.isEmpty()) {
        departures.add(departure(lane, keys, null, now));
        stuck.andNot(keys);
      }
    }
    return departures;
  }

  /** Those of some keys that cost nothing or are paid for. */
  private BitSet paidFor(BitSet keys) {
    var cost = progress.cost(keys);
    return cost == 0 || budget.tryPay(cost) ? keys : progress.free(keys);
  }

  /** Gives up what cannot be taken anywhere. */
  List<Loss> losses() {
    var losses = new ArrayList<Loss>();
    progress.stuck().stream()
        .forEach(position ->
            losses.add(new Loss(position, progress.board().giveUp(position, ask.acceptBehind()))));
    return losses;
  }

  /**
   * Takes what a leg has not brought yet to another region as well, if the budget pays for it.
   *
   * @param lanes who may be asked
   * @return null if nobody is
   */
  @Nullable
  Departure beside(Leg slow, List<Lane> lanes, long now) {
    for (var lane : lanes) {
      var keys = progress.besideOf(slow, lane);
      if (!keys.isEmpty()) {
        return budget.tryPay(keys.cardinality()) ? departure(lane, keys, slow, now) : null;
      }
    }
    return null;
  }

  private Departure departure(Lane lane, BitSet keys, @Nullable Leg slower, long now) {
    var from = progress.lastAsked(keys.nextSetBit(0)).lane();
    var behind = slower == null ? progress.behind(keys) : 0;
    var leg = leg(lane, keys.stream().toArray(), slower, now);
    return new Departure(leg, from, keys.cardinality(), behind);
  }
}
