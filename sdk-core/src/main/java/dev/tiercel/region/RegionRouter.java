package dev.tiercel.region;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.Tier;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.budget.AttemptBudget;
import dev.tiercel.coherence.Groups;
import dev.tiercel.health.RegionStatus;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.tier.Tiers;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;

/**
 * The tiers of several regions as one: each key is read in the nearest region that is well, and
 * elsewhere if that fails, is slow or has not received what its reader must see.
 *
 * <p>Answers of any other region than the one this process follows say so in their
 * {@link dev.tiercel.backend.Origin}, and are served but not cached. Thread-safe.
 */
public final class RegionRouter implements Tiers {

  /**
   * How a keyspace uses its regions.
   *
   * @param regions when a region counts as lost, and how it is come back to
   * @param loss what the loss of one means for reads
   * @param writes where writes go
   * @param servesBehind whether what is older than what this process has seen is served, labelled,
   *     while nobody who may have newer can be asked
   * @param mark for how long other regions' caches refuse what is older than a write
   * @param holdOff for how long other regions' caches are not filled after a write of unknown
   *     outcome
   */
  public record Policies(
      RegionPolicy regions,
      RegionLoss loss,
      WritePolicy writes,
      boolean servesBehind,
      Duration mark,
      Duration holdOff) {}

  private final Regions regions;
  private final boolean servesBehind;
  private final boolean oneWriter;
  private final Routing routing;
  private final Reads reads;
  private final Writes writes;
  private final Time time;
  private final Capabilities capabilities;

  /**
   * Puts the regions of a keyspace together.
   *
   * @param keyspace the keyspace's name
   * @param nearestFirst its regions, at least one, their names differing
   * @param policies how it uses them
   * @param budget pays for what is asked of a second region
   * @param listener hears of states, switches and detours; must not throw, see
   *     {@link ServingListener#safe}
   * @param random the jitter, which keeps processes apart; thread-safe
   * @param time the clock and the timers
   */
  public RegionRouter(
      String keyspace,
      List<Region> nearestFirst,
      Policies policies,
      AttemptBudget budget,
      ServingListener listener,
      RandomGenerator random,
      Time time) {
    var stays = policies.loss() != RegionLoss.REMOTE;
    this.regions =
        Regions.of(keyspace, stays, nearestFirst, policies.regions(), listener, random, time);
    this.routing = new Routing(regions, policies.loss(), policies.writes(), Reads.SLOW, time);
    this.reads = new Reads(routing, budget, listener, time);
    this.writes = new Writes(
        regions, policies.writes(), budget, policies.mark(), policies.holdOff(), random, time);
    this.servesBehind = policies.servesBehind();
    this.oneWriter = policies.writes() instanceof WritePolicy.Home;
    this.time = time;
    this.capabilities = common(routing.lanes());
  }

  /** What every region can do. */
  private static Capabilities common(List<Lane> lanes) {
    var features = EnumSet.allOf(Feature.class);
    var all = new ArrayList<Capabilities>();
    for (var lane : lanes) {
      var own = lane.tiers().capabilities();
      features.retainAll(own.features());
      all.add(own);
    }
    return new Capabilities(
        least(all, Capabilities::maxReadKeys),
        least(all, Capabilities::maxWriteMutations),
        least(all, Capabilities::maxKeyBytes),
        least(all, Capabilities::maxValueBytes),
        features);
  }

  private static int least(List<Capabilities> all, ToIntFunction<Capabilities> bound) {
    return all.stream().mapToInt(bound).min().orElseThrow();
  }

  /** That of the region this process follows. */
  @Override
  public String name() {
    return current().name();
  }

  /** The region this process follows. */
  @Override
  public String region() {
    return routing.current().name();
  }

  private Tiers current() {
    return routing.current().tiers();
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    return read(request, context, context.deadline(), (index, outcome) -> {});
  }

  @Override
  public CompletableFuture<ReadResult> read(
      ReadRequest request, CallContext context, Deadline patience, Early early) {
    return reads.read(request, context, patience, early, false);
  }

  /**
   * What the remote tier of the region this process follows says, or the source that takes its
   * writes.
   */
  @Override
  public CompletableFuture<ReadOutcome> look(Tier tier, String key, CallContext context) {
    var lane = tier == Tier.SOURCE ? routing.writing(time.nanos()) : routing.current();
    return lane.tiers().look(tier, key, context);
  }

  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    return writes.write(request, context);
  }

  @Override
  public void tell(Mutation.Forget forget) {
    current().tell(forget);
  }

  @Override
  public void hear(List<Mutation> news) {
    routing.lanes().forEach(lane -> lane.tiers().hear(news));
  }

  /** Whoever has it: see {@link FloorRead}. */
  @Override
  public CompletableFuture<ReadOutcome> readBeyond(String key, long floor, CallContext context) {
    return floor == 0
        ? routing.writing(time.nanos()).tiers().readBeyond(key, floor, context)
        : new FloorRead(key, floor, regions, servesBehind, oneWriter).run(context);
  }

  /** No region's word settles it: each may lag behind the others. */
  @Override
  public boolean isSettledBySource() {
    return false;
  }

  /**
   * Tells somebody of each switch of the region that is read from first, in order.
   *
   * @param follower hears of the region that is read from first from now on; must not throw
   */
  public void onSwitch(Consumer<Region> follower) {
    regions.onSwitch(candidate -> follower.accept(candidate.region()));
  }

  /** Whether there is a region of this name. */
  public boolean has(String region) {
    return routing.lanes().stream().anyMatch(lane -> lane.name().equals(region));
  }

  /** How all regions are doing, the nearest first. */
  public List<RegionStatus> statuses() {
    return regions.statuses(this::untold);
  }

  @Override
  public int untold() {
    return routing.lanes().stream()
        .mapToInt(lane -> untold(lane.candidate().region()))
        .sum();
  }

  private int untold(Region region) {
    return region.tiers().untold() + writes.untold(region);
  }

  /**
   * Takes a region out of use.
   *
   * @param region its name
   * @throws IllegalArgumentException if there is none of that name
   */
  public void drain(String region) {
    regions.drain(region);
  }

  /**
   * Puts a region back into use, by way of its ramp.
   *
   * @param region its name
   * @throws IllegalArgumentException if there is none of that name
   */
  public void undrain(String region) {
    regions.undrain(region);
  }

  /** Tells nobody anything in the background any more; for the end of the client. */
  public void stop() {
    writes.close();
  }

  /** Those of the region this process follows. */
  @Override
  public Groups groups() {
    return current().groups();
  }

  @Override
  public Duration loadTime() {
    return current().loadTime();
  }

  @Override
  public void close() {
    routing.lanes().forEach(lane -> lane.tiers().close());
  }
}
