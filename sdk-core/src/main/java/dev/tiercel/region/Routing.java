package dev.tiercel.region;

import dev.tiercel.backend.ReadRequest;
import dev.tiercel.health.DelayPolicy;
import dev.tiercel.health.RegionState;
import dev.tiercel.region.Choice.Candidate;
import dev.tiercel.time.Time;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which way reads go through the regions, by what they ask for and by what the keyspace allows.
 *
 * <p>Thread-safe.
 */
final class Routing {

  private static final int MOST_REGIONS = 63;

  private final Choice choice;
  private final RegionLoss loss;
  private final WritePolicy writes;
  private final List<Lane> lanes;
  private final @Nullable Lane home;

  /** The regions whose word is needed for it to be certain that a key does not exist. */
  private final long whoCount;

  /** The last way that was made: most reads go one and the same. */
  private volatile @Nullable Way last;

  Routing(Choice choice, RegionLoss loss, WritePolicy writes, DelayPolicy slow, Time time) {
    this.choice = choice;
    this.loss = loss;
    this.writes = writes;
    var all = new ArrayList<Lane>();
    for (var candidate : choice.all()) {
      all.add(new Lane(candidate, all.size(), slow, time));
    }
    if (all.isEmpty() || all.size() > MOST_REGIONS) {
      throw new IllegalArgumentException(
          "regions: " + all.size() + " (expected: 1 to " + MOST_REGIONS + ")");
    }
    this.lanes = List.copyOf(all);
    this.home = writes instanceof WritePolicy.Home named ? named(named.region()) : null;
    this.whoCount = home == null ? (1L << all.size()) - 1 : 1L << home.index();
  }

  private Lane named(String region) {
    for (var lane : lanes) {
      if (lane.name().equals(region)) {
        return lane;
      }
    }
    var names = lanes.stream().map(Lane::name).toList();
    throw new IllegalArgumentException("home: " + region + " (expected: one of " + names + ")");
  }

  /** All regions, nearest first. */
  List<Lane> lanes() {
    return lanes;
  }

  /** The region that this process follows. */
  Lane current() {
    return lane(choice.current());
  }

  /** Whether it is this one. */
  boolean isCurrent(Lane lane) {
    return isOf(lane, choice.current());
  }

  /** Where what is written can be read at once. */
  Lane writing(long now) {
    if (home != null) {
      return home;
    }
    return writes instanceof WritePolicy.Pinned || loss != RegionLoss.REMOTE ? own(now) : current();
  }

  /** Whether a key is certainly nowhere, if these regions, one bit for each, know nothing of it. */
  boolean areAllWhoCount(long regions) {
    return (regions & whoCount) == whoCount;
  }

  /** The one way that all keys of a read go; null if each key has its own. */
  @Nullable
  Way common(ReadRequest request, long now) {
    if (request.freshness().consistent()) {
      return consistent(now);
    }
    return loss == RegionLoss.REMOTE ? null : only(own(now));
  }

  /** A consistent read goes where writes go, and nowhere else meanwhile. */
  private Way consistent(long now) {
    if (home != null || writes instanceof WritePolicy.Pinned || loss != RegionLoss.REMOTE) {
      return only(writing(now));
    }
    var order = new ArrayList<Lane>(lanes.size());
    order.add(current());
    lanes.stream().filter(lane -> lane != order.get(0)).forEach(order::add);
    return new Way(List.of(), order, false);
  }

  private static Way only(Lane lane) {
    return new Way(List.of(), List.of(lane), false);
  }

  /** The region this process is in; the next one while an operator has taken that out of use. */
  private Lane own(long now) {
    for (var lane : lanes) {
      if (lane.health().state(now) != RegionState.DRAINED) {
        return lane;
      }
    }
    return lanes.get(0);
  }

  /** The way a key goes that is not asked for consistently; the same one for the same order. */
  @SuppressWarnings("ReferenceEquality") // orders are told apart by identity
  Way of(String key, long now) {
    var order = choice.order(key, now);
    var known = last;
    if (known != null && known.order() == order) {
      return known;
    }
    var made = new Way(order, order.stream().map(this::lane).toList(), true);
    last = made;
    return made;
  }

  private Lane lane(Candidate candidate) {
    for (var lane : lanes) {
      if (isOf(lane, candidate)) {
        return lane;
      }
    }
    throw new IllegalStateException(
        "region: " + candidate.region().name() + " (expected: one of those there were at first)");
  }

  @SuppressWarnings("ReferenceEquality") // spares the comparison of all that a region consists of
  private static boolean isOf(Lane lane, Candidate candidate) {
    return lane.candidate() == candidate
        || lane.name().equals(candidate.region().name());
  }
}
