package dev.tiercel.region;

import dev.tiercel.health.RegionState;
import dev.tiercel.health.RegionStatus;
import dev.tiercel.observe.Announcements;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.region.Plan.Part;
import dev.tiercel.region.Ranking.View;
import dev.tiercel.time.Time;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;

/**
 * The regions of a keyspace in the order in which they are asked, as they are doing, and the one
 * this process follows.
 *
 * <p>The order is made anew every 10 ms at most, by one of those who ask for it, and as soon as a
 * region's state has changed. Until then asking takes no lock and allocates nothing. Thread-safe;
 * listeners and followers are told outside of locks.
 */
final class Regions implements Choice {

  private final String keyspace;
  private final boolean stays;
  private final List<Candidate> nearestFirst;
  private final Ranking ranking;
  private final ServingListener listener;
  private final Announcements announcements;
  private final Glance glance;
  private final Time time;
  private final List<Consumer<Candidate>> followers = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicLong turns = new AtomicLong();
  private long plannedTurn;
  private volatile int current;
  private volatile Plan plan;

  /**
   * Regions whose health is known.
   *
   * @param stays whether the nearest region is asked first however it is doing, unless an operator
   *     has taken it out of use
   * @param glance wanted when a state has changed
   * @param announcements told after anything may have been noted there
   */
  Regions(
      String keyspace,
      boolean stays,
      List<Candidate> nearestFirst,
      ServingListener listener,
      Glance glance,
      Announcements announcements,
      Time time) {
    this.keyspace = keyspace;
    this.stays = stays;
    this.nearestFirst = List.copyOf(nearestFirst);
    this.listener = listener;
    this.glance = glance;
    this.announcements = announcements;
    this.time = time;
    this.ranking = new Ranking(this.nearestFirst);
    this.plan = new Plan(this.nearestFirst, List.of());
  }

  /**
   * Regions that count as healthy until they show otherwise; the nearest is followed first.
   *
   * @param keyspace the keyspace's name
   * @param nearestFirst at least one, their names differing
   * @param stays whether the nearest region is asked first however it is doing, unless an operator
   *     has taken it out of use
   * @param policy when one counts as lost
   * @param listener hears of states and switches
   * @param random keeps this process apart from others; thread-safe
   */
  static Regions of(
      String keyspace,
      boolean stays,
      List<Region> nearestFirst,
      RegionPolicy policy,
      ServingListener listener,
      RandomGenerator random,
      Time time) {
    requireDistinct(nearestFirst);
    var announcements = new Announcements();
    var glance = new Glance(time.nanos());
    var candidates = nearestFirst.stream()
        .map(region -> new Candidate(
            region,
            new ObservedHealth(
                region,
                policy,
                random,
                time,
                (from, to) -> {
                  glance.want();
                  announcements.note(
                      () -> listener.onRegionState(keyspace, region.name(), from, to));
                },
                announcements)))
        .toList();
    return new Regions(keyspace, stays, candidates, listener, glance, announcements, time);
  }

  private static void requireDistinct(List<Region> regions) {
    var names = regions.stream().map(Region::name).distinct().count();
    if (regions.isEmpty() || names < regions.size()) {
      throw new IllegalArgumentException("regions: "
          + regions.stream().map(Region::name).toList() + " (expected: at least one, each once)");
    }
  }

  /**
   * Tells somebody of each switch, in order, outside of locks.
   *
   * @param follower hears of the region that is current from now on; must not throw
   */
  void onSwitch(Consumer<Candidate> follower) {
    followers.add(follower);
  }

  @Override
  public Candidate current() {
    return nearestFirst.get(current);
  }

  @Override
  public List<Candidate> order(String key, long nowNanos) {
    if (glance.isDue(nowNanos)) {
      look();
    }
    return plan.order(key);
  }

  @Override
  public List<Candidate> all() {
    return nearestFirst;
  }

  /**
   * How all of them are doing, nearest first.
   *
   * @param untold how much a region has yet to be told of
   */
  List<RegionStatus> statuses(ToIntFunction<Region> untold) {
    look();
    var planned = plan;
    var now = time.nanos();
    return nearestFirst.stream()
        .map(candidate -> new RegionStatus(
            keyspace,
            candidate.region().name(),
            candidate.health().state(now),
            planned.share(candidate),
            candidate.equals(current()),
            untold.applyAsInt(candidate.region())))
        .toList();
  }

  /**
   * Takes a region out of use.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  void drain(String name) {
    named(name).health().drain();
    look();
  }

  /**
   * Puts a region back into use, by way of its ramp.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  void undrain(String name) {
    named(name).health().undrain();
    look();
  }

  private Candidate named(String name) {
    return nearestFirst.stream()
        .filter(candidate -> candidate.region().name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("region: " + name + " (expected: one of "
            + nearestFirst.stream().map(each -> each.region().name()).toList() + ")"));
  }

  /** Who never leaves a region takes it as it is. */
  private RegionState seen(RegionState state) {
    return stays && state != RegionState.DRAINED ? RegionState.HEALTHY : state;
  }

  /** Regions are asked outside of the lock, since they tell; the newest view stands. */
  private void look() {
    var turn = turns.incrementAndGet();
    var now = time.nanos();
    var states =
        nearestFirst.stream().map(each -> seen(each.health().state(now))).toList();
    var shares = nearestFirst.stream().map(each -> each.health().share(now)).toList();
    lock.lock();
    try {
      if (turn - plannedTurn > 0) {
        plannedTurn = turn;
        planAnew(states, shares);
      }
    } finally {
      lock.unlock();
    }
    announcements.tell();
  }

  private void planAnew(List<RegionState> states, List<Double> shares) {
    var view = new View(states, ranking.leader(new View(states, current)));
    plan = new Plan(ranking.order(view, List.of()), parts(view, shares));
    follow(view.current());
  }

  /** The keys that some of the regions which are being come back to hold already. */
  private List<Part> parts(View view, List<Double> shares) {
    var left = new ArrayList<>(view.all()
        .filter(view::isRamping)
        .boxed()
        .sorted(Comparator.comparing(shares::get))
        .toList());
    var parts = new ArrayList<Part>();
    while (!left.isEmpty()) {
      parts.add(new Part(shares.get(left.get(0)), ranking.order(view, left)));
      left.subList(0, 1).clear();
    }
    return parts;
  }

  private void follow(int next) {
    if (next == current) {
      return;
    }
    var from = current().region().name();
    current = next;
    var to = nearestFirst.get(next);
    announcements.note(() -> {
      listener.onRegionSwitch(keyspace, from, to.region().name());
      followers.forEach(follower -> follower.accept(to));
    });
  }
}
