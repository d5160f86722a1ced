package dev.tiercel.region;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.budget.AttemptBudget;
import dev.tiercel.region.Choice.Candidate;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * Where changes go. A put goes to one region's source, by the {@link WritePolicy}, and every other
 * region's cache hears of it; what concerns caches alone goes to every region's. Thread-safe.
 *
 * <p>Nobody waits for the caches of other regions. They are told again until they have heard, and
 * are not believed by this process until then. What is kept for that is bounded, and gone with the
 * process.
 */
final class Writes {

  final Choice choice;
  final AttemptBudget budget;
  final Duration mark;
  final Duration holdOff;
  final Time time;
  private final List<Candidate> fixed;
  private final List<UntoldBarriers> untold;

  /**
   * Says where changes go.
   *
   * @param choice the regions
   * @param policy where puts go
   * @param budget what pays for a put that is sent again, to another region
   * @param mark for how long other regions' caches refuse what is older than a put
   * @param holdOff for how long they are not filled after a put of unknown outcome
   * @param random the jitter of pauses
   * @param time the clock and the timers
   */
  Writes(
      Choice choice,
      WritePolicy policy,
      AttemptBudget budget,
      Duration mark,
      Duration holdOff,
      RandomGenerator random,
      Time time) {
    this.choice = choice;
    this.budget = budget;
    this.mark = mark;
    this.holdOff = holdOff;
    this.time = time;
    this.fixed = fixed(choice, policy);
    this.untold = choice.all().stream()
        .map(each -> new UntoldBarriers(each.region(), random, time))
        .toList();
  }

  /** The one region that takes puts; empty if that varies. */
  private static List<Candidate> fixed(Choice choice, WritePolicy policy) {
    if (policy instanceof WritePolicy.Home home) {
      return choice.all().stream()
          .filter(each -> each.region().name().equals(home.region()))
          .toList();
    }
    return policy instanceof WritePolicy.Pinned ? choice.all().subList(0, 1) : List.of();
  }

  /** Where a key is written: the region to ask first, then those to ask if it has not applied. */
  List<Candidate> order(String key, long nowNanos) {
    return fixed.isEmpty() ? choice.order(key, nowNanos) : fixed;
  }

  CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    var first = request.mutations().get(0);
    if (first instanceof Mutation.Put) {
      return new RoutedWrite(this, request, context).run();
    }
    return first instanceof Mutation.Barrier ? raise(request, context) : forget(request, context);
  }

  /** The current region's cache decides; the others are told. */
  private CompletableFuture<WriteResult> forget(WriteRequest request, CallContext context) {
    var current = choice.current();
    for (var each : choice.all()) {
      if (!each.equals(current)) {
        each.region().tiers().hear(request.mutations());
      }
    }
    return current.region().tiers().write(request, context);
  }

  /** The current region's barriers decide; the others are raised, again until they are. */
  private CompletableFuture<WriteResult> raise(WriteRequest request, CallContext context) {
    var current = choice.current();
    for (var each : untold) {
      if (!each.region().equals(current.region())) {
        each.raise(request, context);
      }
    }
    return current.region().tiers().write(request, context);
  }

  /** Tells nobody anything any more. */
  void close() {
    untold.forEach(UntoldBarriers::close);
  }

  /** How many barriers a region has yet to be told of. */
  int untold(Region region) {
    return untold.stream()
        .filter(each -> each.region().equals(region))
        .mapToInt(UntoldBarriers::size)
        .sum();
  }
}
