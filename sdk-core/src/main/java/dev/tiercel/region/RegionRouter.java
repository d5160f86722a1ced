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
import dev.tiercel.coherence.Groups;
import dev.tiercel.tier.Tiers;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToIntFunction;

/**
 * The tiers of several regions as one: each key is read in the nearest region that is well, and
 * elsewhere if that fails, is slow or has not received what its reader must see.
 *
 * <p>Answers of any other region than the one this process follows say so in their
 * {@link dev.tiercel.backend.Origin}, and are served but not cached. Thread-safe.
 */
public final class RegionRouter implements Tiers {

  private final Routing routing;
  private final Reads reads;
  private final Writes writes;
  private final Time time;
  private final Capabilities capabilities;

  /**
   * Puts the regions of a keyspace together.
   *
   * @param routing which way each read goes
   * @param reads how
   * @param writes how it is written
   * @param time the clock
   */
  RegionRouter(Routing routing, Reads reads, Writes writes, Time time) {
    this.routing = routing;
    this.reads = reads;
    this.writes = writes;
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

  /** The region this process follows, as its source calls it. */
  @Override
  public String region() {
    return current().region();
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
    return read(request, context, patience, early, false);
  }

  /**
   * A read that may do with less than it asks for.
   *
   * @param acceptBehind whether what is older than the request's {@code atLeast} will do, where no
   *     region has anything newer: of several, the newest
   */
  public CompletableFuture<ReadResult> read(
      ReadRequest request,
      CallContext context,
      Deadline patience,
      Early early,
      boolean acceptBehind) {
    return reads.read(request, context, patience, early, acceptBehind);
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
    writes.tell(forget);
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
