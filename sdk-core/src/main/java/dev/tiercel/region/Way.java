package dev.tiercel.region;

import dev.tiercel.health.RegionState;
import dev.tiercel.region.Choice.Candidate;
import java.util.ArrayList;
import java.util.List;

/**
 * Which regions keys are read in: the first, and those to go on to.
 *
 * @param order what was chosen, to be known again by its identity
 * @param lanes the regions, in this order; at least one
 * @param canHedge whether a slow read may be asked of two of them at a time
 */
record Way(List<Candidate> order, List<Lane> lanes, boolean canHedge) {

  Lane first() {
    return lanes.get(0);
  }

  /** Whether there is nobody to go on to. */
  boolean isAlone() {
    return lanes.size() == 1;
  }

  /**
   * Those that may be asked for what another has failed, as long as there is time for it. A region
   * that is out of use is left alone, unless all are: then nobody's state is believed.
   */
  List<Lane> onward(long now, long leftNanos) {
    if (isAlone()) {
      return List.of();
    }
    var used = lanes.stream().anyMatch(lane -> lane.isInUse(now));
    var onward = new ArrayList<Lane>(lanes.size());
    for (var lane : lanes) {
      if ((lane.isInUse(now) || !used) && lane.isFastEnough(leftNanos)) {
        onward.add(lane);
      }
    }
    return onward;
  }

  /** Those that may be asked in addition, because another is slow. */
  List<Lane> besides(long now, long leftNanos) {
    var besides = new ArrayList<Lane>(lanes.size());
    for (var lane : lanes) {
      if (lane.isFastEnough(leftNanos)
          && lane.health().state(now) == RegionState.HEALTHY
          && lane.health().takesMore()) {
        besides.add(lane);
      }
    }
    return besides;
  }
}
