package dev.tiercel.region;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.health.RegionState;
import dev.tiercel.region.Choice.Candidate;
import dev.tiercel.region.RegionHealth.Verdict;
import dev.tiercel.time.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Puts on their way to one region's source.
 *
 * <p>The next region is asked only for what the one before has certainly not applied: it was
 * unavailable, and says so. A put that may have been sent and has no answer is of unknown outcome:
 * it ends there, and is asked for nowhere else. Conditions that did not hold, refusals by limits
 * and failures of the value are answers, and end there too.
 *
 * <p>Once begun a put runs to its end, whether or not anybody still waits.
 */
final class RoutedWrite {

  private final Writes writes;
  private final WriteRequest request;
  private final CallContext context;
  private final CompletableFuture<WriteResult> answer = new CompletableFuture<>();

  /** By index of the mutation; written once each, before {@code left} falls. */
  private final WriteOutcome[] outcomes;

  private final AtomicInteger left;

  RoutedWrite(Writes writes, WriteRequest request, CallContext context) {
    this.writes = writes;
    this.request = request;
    this.context = context;
    this.outcomes = new WriteOutcome[request.mutations().size()];
    this.left = new AtomicInteger(outcomes.length);
  }

  CompletableFuture<WriteResult> run() {
    var now = writes.time.nanos();
    var byOrder = new IdentityHashMap<List<Candidate>, List<Integer>>();
    IntStream.range(0, outcomes.length)
        .forEach(index -> byOrder
            .computeIfAbsent(writes.order(key(index), now), order -> new ArrayList<>())
            .add(index));
    byOrder.forEach((order, indexes) -> attempt(indexes, order, 0));
    return answer;
  }

  private String key(int index) {
    return request.mutations().get(index).key();
  }

  private void attempt(List<Integer> indexes, List<Candidate> order, int place) {
    var candidate = order.get(place);
    var began = writes.time.nanos();
    if (candidate.health().state(began) == RegionState.DRAINED) {
      ended(indexes, drained(indexes.size(), candidate), order, place);
      return;
    }
    candidate.health().began(began);
    var mutations = indexes.stream()
        .map(index -> forRegion(candidate, request.mutations().get(index)))
        .toList();
    var sent =
        candidate.region().tiers().write(new WriteRequest(request.keyspace(), mutations), context);
    Completions.onEnd(sent, (result, failure) -> {
      var found = result == null ? unknown(indexes.size(), candidate, failure) : result.outcomes();
      // How long writes take says nothing of how long reads do.
      candidate.health().ended(verdict(found), 0, writes.time.nanos());
      ended(indexes, found, order, place);
    });
  }

  /** Barriers are told in the time of each region's own cache. */
  private Mutation forRegion(Candidate candidate, Mutation mutation) {
    if (candidate.equals(writes.choice.current()) || !(mutation instanceof Mutation.Put put)) {
      return mutation;
    }
    var known = candidate.region().tiers().groups().seen();
    return new Mutation.Put(put.key(), put.entry().withBarrier(known), put.condition());
  }

  private static List<WriteOutcome> drained(int count, Candidate candidate) {
    var here = new Where(
        candidate.region().tiers().name(), candidate.region().name(), "", Duration.ZERO, 0);
    var cause = new Unavailable("region: drained (expected: in use)", here, null);
    return WriteResult.failed(count, cause).outcomes();
  }

  private List<WriteOutcome> unknown(int count, Candidate candidate, @Nullable Throwable failure) {
    var what = "write: failed without an outcome (expected: one per key)";
    var here = Where.at(candidate.region().tiers().name(), candidate.region().name());
    return WriteResult.failed(count, new OutcomeUnknown(what, here, failure)).outcomes();
  }

  private static Verdict verdict(List<WriteOutcome> outcomes) {
    var failed = 0;
    var refused = 0;
    for (var outcome : outcomes) {
      if (outcome instanceof WriteOutcome.Failed failure) {
        var isLoss =
            failure.cause() instanceof Unavailable || failure.cause() instanceof OutcomeUnknown;
        failed += isLoss && failure.cause().where().attempts() > 0 ? 1 : 0;
        refused += isLoss ? 0 : 1;
      }
    }
    if (2 * failed >= outcomes.size()) {
      return Verdict.FAILED;
    }
    return 2 * (failed + refused) >= outcomes.size() ? Verdict.IGNORED : Verdict.ANSWERED;
  }

  private void ended(
      List<Integer> indexes, List<WriteOutcome> found, List<Candidate> order, int place) {
    var unapplied = new ArrayList<Integer>();
    var settled = new LinkedHashMap<Integer, WriteOutcome>();
    var isLast = place + 1 == order.size() || context.deadline().hasPassed();
    for (var i = 0; i < indexes.size(); i++) {
      var goesOn = !isLast && isUnapplied(found.get(i)) && isPaid(found.get(i));
      if (goesOn) {
        // Until the next region has said something else.
        keep(indexes.get(i), found.get(i));
        unapplied.add(indexes.get(i));
      } else {
        settled.put(indexes.get(i), found.get(i));
      }
    }
    tellOthers(settled, order.get(place));
    if (!unapplied.isEmpty()) {
      attempt(unapplied, order, place + 1);
    }
    settled.forEach(this::settle);
  }

  /** The region was unavailable; a put that may have been applied is of unknown outcome instead. */
  private static boolean isUnapplied(WriteOutcome outcome) {
    return outcome instanceof WriteOutcome.Failed failed && failed.cause() instanceof Unavailable;
  }

  /** What was not even sent costs nothing. */
  private boolean isPaid(WriteOutcome outcome) {
    return outcome instanceof WriteOutcome.Failed failed
        && (failed.cause().where().attempts() == 0 || writes.budget.tryPay(1));
  }

  private void keep(int index, WriteOutcome failed) {
    if (outcomes[index] == null) {
      outcomes[index] = failed;
    }
  }

  private void settle(int index, WriteOutcome outcome) {
    var before = failure(outcomes[index]);
    var now = failure(outcome);
    if (before != null && now != null && before != now) {
      now.addSuppressed(before);
    }
    outcomes[index] = outcome;
    if (left.decrementAndGet() == 0) {
      answer.complete(new WriteResult(Arrays.asList(outcomes)));
    }
  }

  private static @Nullable ServingException failure(@Nullable WriteOutcome outcome) {
    return outcome instanceof WriteOutcome.Failed failed ? failed.cause() : null;
  }

  /** Before the writer hears of it: from then on no cache may be believed that has not. */
  private void tellOthers(Map<Integer, WriteOutcome> settled, Candidate writer) {
    for (var other : writes.choice.all()) {
      if (other.equals(writer) || other.region().remote().isEmpty()) {
        continue;
      }
      var news = new ArrayList<Mutation>();
      settled.forEach((index, outcome) -> {
        if (request.mutations().get(index) instanceof Mutation.Put put) {
          var one = news(put, outcome, other);
          if (one != null) {
            news.add(one);
          }
        }
      });
      if (!news.isEmpty()) {
        other.region().tiers().hear(news);
      }
    }
  }

  private @Nullable Mutation news(Mutation.Put put, WriteOutcome outcome, Candidate other) {
    if (outcome instanceof WriteOutcome.Stored stored) {
      if (stored.version() == Version.NONE || put.condition().equals(Condition.ALWAYS)) {
        return new Mutation.Forget(put.key(), Duration.ZERO);
      }
      // The region that is read from gets the value, whenever its own source will.
      return other.equals(writes.choice.current())
          ? new Mutation.Put(
              put.key(), put.entry().withVersion(stored.version()), Condition.IF_NEWER)
          : new Mutation.Mark(put.key(), stored.version(), writes.mark);
    }
    return outcome instanceof WriteOutcome.Failed failed && failed.cause() instanceof OutcomeUnknown
        ? new Mutation.Forget(put.key(), writes.holdOff)
        : null;
  }
}
