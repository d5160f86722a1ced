package dev.tiercel.region;

import dev.tiercel.health.RegionState;
import dev.tiercel.region.Choice.Candidate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Puts regions in order: those that answer before those that do not, of several the nearest first.
 * If none answers, nothing is known: then their states are ignored. Equal orders are one and the
 * same list.
 *
 * <p>Used by one thread at a time.
 */
final class Ranking {

  private final List<Candidate> nearestFirst;
  private final Map<List<Integer>, List<Candidate>> orders = new HashMap<>();

  Ranking(List<Candidate> nearestFirst) {
    this.nearestFirst = nearestFirst;
  }

  /**
   * What is known of all regions at one instant.
   *
   * @param states each one's state
   * @param current which one is followed
   */
  record View(List<RegionState> states, int current) {

    IntStream all() {
      return IntStream.range(0, states.size());
    }

    boolean is(int index, RegionState state) {
      return states.get(index) == state;
    }

    boolean isCurrent(int index) {
      return index == current;
    }

    /** It is well; one that was never left need not be come back to. */
    boolean isWell(int index) {
      return is(index, RegionState.HEALTHY) || (is(index, RegionState.RAMPING) && isCurrent(index));
    }

    /** It is being come back to. */
    boolean isRamping(int index) {
      return is(index, RegionState.RAMPING) && !isCurrent(index);
    }

    /** Drained regions are not there, unless there is no other. */
    List<Integer> there() {
      var some = all().filter(index -> !is(index, RegionState.DRAINED)).boxed().toList();
      return some.isEmpty() ? all().boxed().toList() : some;
    }
  }

  /** From the first to be asked to the last. */
  private enum Rank {
    WELL,
    RAMPING,
    SLOW,
    RECOVERING,
    LOST
  }

  /**
   * The region to follow: while none answers, the one that is followed, so that it is not changed.
   */
  int leader(View view) {
    var there = view.there();
    var first = sorted(view, List.of()).get(0);
    var stays = rank(view, first).compareTo(Rank.RECOVERING) >= 0 && there.contains(view.current());
    return stays ? view.current() : first;
  }

  /**
   * The order of some keys.
   *
   * @param holding regions that are being come back to and hold those keys already
   */
  List<Candidate> order(View view, List<Integer> holding) {
    return orders.computeIfAbsent(
        sorted(view, holding), order -> order.stream().map(nearestFirst::get).toList());
  }

  private List<Integer> sorted(View view, List<Integer> holding) {
    var there = view.there();
    if (there.stream().allMatch(index -> rank(view, index).compareTo(Rank.RECOVERING) >= 0)) {
      return there;
    }
    Comparator<Integer> best =
        Comparator.comparing(index -> holding.contains(index) ? Rank.WELL : rank(view, index));
    return there.stream().sorted(best).toList();
  }

  private Rank rank(View view, int index) {
    return switch (view.states().get(index)) {
      case HEALTHY -> Rank.WELL;
      case RAMPING -> view.isWell(index) ? Rank.WELL : Rank.RAMPING;
      case DEGRADED -> isLeft(view, index) ? Rank.SLOW : Rank.WELL;
      case PROBING -> Rank.RECOVERING;
      case DOWN, DRAINED -> Rank.LOST;
    };
  }

  /** A slow one is left for a faster one that is well, and not come back to while it is slow. */
  private boolean isLeft(View view, int index) {
    return !view.isCurrent(index)
        || view.all().filter(view::isWell).anyMatch(other -> isSlower(index, other));
  }

  private boolean isSlower(int index, int other) {
    return nearestFirst.get(index).health().isSlowerThan(nearestFirst.get(other).health());
  }
}
