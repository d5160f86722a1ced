package dev.tiercel.tier;

import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Lease;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.Tier;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.error.CodecFailure;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One read on its way through the remote tier and the source. Each step begins on the thread that
 * completed the one before:
 *
 * <pre>
 * healDoubts -> askRemote -> (sort each outcome) -> load what is missing          -> settle
 *                   ^                            -> wait for what others load -+
 *                   +----------------------------------------------------------+
 * </pre>
 *
 * <p>Loading is {@link SourceLoad}. A consistent read begins there. Each key is settled once, and
 * the read is answered with its last key.
 */
final class TieredRead {

  final TieredBackend tiers;
  final ReadRequest request;
  final CallContext context;
  private final Deadline patience;

  /** Until when to wait for somebody else's load, as long as it is not known what one takes. */
  private final Deadline halfway;

  /** What is kept for a load of its own at least, however short loads are on average. */
  private final Duration reserve;

  private final Tiers.Early early;
  private final CompletableFuture<ReadResult> answer = new CompletableFuture<>();

  /** By index of the key; null until it is known. Written once each, before {@code left} falls. */
  private final ReadOutcome[] outcomes;

  private final AtomicInteger left;

  TieredRead(
      TieredBackend tiers,
      ReadRequest request,
      CallContext context,
      Deadline patience,
      Tiers.Early early) {
    this.tiers = tiers;
    this.request = request;
    this.context = context;
    this.patience = patience;
    this.halfway = patience.within(patience.remaining().dividedBy(2));
    this.reserve = patience.remaining().dividedBy(4);
    this.early = early;
    this.outcomes = new ReadOutcome[request.keys().size()];
    this.left = new AtomicInteger(outcomes.length);
  }

  CompletableFuture<ReadResult> run() {
    var all = IntStream.range(0, outcomes.length).boxed().toList();
    if (request.freshness().consistent()) {
      var load = new SourceLoad(this);
      all.forEach(index -> load.add(index, Lease.NONE, 0));
      load.run();
    } else {
      healDoubts(all);
    }
    return answer;
  }

  /** The outcome of a key is known. */
  void settle(int index, ReadOutcome outcome) {
    outcomes[index] = outcome;
    early.outcome(index, outcome);
    if (left.decrementAndGet() == 0) {
      answer.complete(new ReadResult(Arrays.asList(outcomes)));
    }
  }

  /** Whether nobody waits for the answer any more. */
  boolean isOver() {
    return answer.isDone();
  }

  String key(int index) {
    return request.keys().get(index);
  }

  /**
   * Goes on when a step has ended. Cancelling the read cancels the step.
   *
   * @param indexes the keys that depend on it
   * @param cleanUp called if the step was cancelled, or went wrong in a way that only a bug can
   */
  <R> void next(
      List<Integer> indexes, CompletableFuture<R> step, Consumer<R> then, Runnable cleanUp) {
    Completions.passCancel(answer, step);
    Completions.onEnd(step, (result, failure) -> {
      if (result == null) {
        // Only a cancel gets here: guarded backends answer everything else per key.
        cleanUp.run();
        answer.cancel(true);
        return;
      }
      try {
        then.accept(result);
      } catch (RuntimeException | Error thrown) {
        // A backend's broken answer, say: its readers hear of it at once, and nothing is held on
        // to.
        cleanUp.run();
        failRest(indexes, thrown);
        throw thrown;
      }
    });
  }

  private void failRest(List<Integer> indexes, Throwable thrown) {
    var what = "tiers: failed with " + thrown.getClass().getSimpleName();
    var cause = new ReadOutcome.Failed(new Unavailable(what, here(), thrown));
    for (var index : indexes) {
      if (outcomes[index] == null) {
        settle(index, cause);
      }
    }
  }

  /**
   * Makes the remote tier forget the keys it could not be told about, before anything is believed
   * of them.
   */
  private void healDoubts(List<Integer> indexes) {
    var doubted = new ArrayList<Integer>();
    var trusted = new ArrayList<Integer>();
    for (var index : indexes) {
      (tiers.distrust.contains(key(index)) ? doubted : trusted).add(index);
    }
    if (doubted.isEmpty()) {
      askRemote(trusted, new SourceLoad(this));
      return;
    }
    var stamp = tiers.distrust.stamp();
    var amends = Amends.of(tiers, doubted.stream().map(this::key).toList());
    var heal = tiers.remote.write(
        new WriteRequest(request.keyspace(), amends.mutations()),
        tiers.remoteContext(context, patience));
    next(
        indexes,
        heal,
        result -> {
          var load = new SourceLoad(this);
          var failures = amends.failures(result);
          for (var index : doubted) {
            var failure = failures.get(key(index));
            if (failure != null) {
              loadInstead(load, index, failure);
            } else {
              tiers.distrust.clearRaisedBefore(key(index), stamp);
              trusted.add(index);
            }
          }
          askRemote(trusted, load);
        },
        () -> {});
  }

  private void askRemote(List<Integer> indexes, SourceLoad load) {
    if (indexes.isEmpty()) {
      load.run();
      return;
    }
    var noted = indexes.stream().map(index -> tiers.awaited.note(key(index))).toList();
    var ask = new ReadRequest(
        request.keyspace(),
        indexes.stream().map(this::key).toList(),
        request.freshness(),
        tiers.policy.lease(),
        tiers.groups.summary().and(request.barriers()));
    next(
        indexes,
        tiers.remote.read(ask, tiers.remoteContext(context, patience)),
        result -> {
          tiers.groups.learn(result.barriers());
          var step = new Sorting(load);
          for (var i = 0; i < indexes.size(); i++) {
            step.sort(indexes.get(i), result.outcomes().get(i), noted.get(i));
          }
          step.end();
        },
        load::leaveFallback);
  }

  /** Takes the remote tier's word for each key, or decides how to go on. */
  private final class Sorting {

    private record Held(int index, long noted, long remainingMillis, long mark) {}

    private record Known(int index, ReadOutcome outcome) {}

    private final SourceLoad load;
    private final List<Mutation> repairs = new ArrayList<>();
    private final List<Held> held = new ArrayList<>();
    private final List<Known> known = new ArrayList<>();

    Sorting(SourceLoad load) {
      this.load = load;
    }

    void sort(int index, ReadOutcome outcome, long noted) {
      if (outcome instanceof ReadOutcome.Found found) {
        if (isDoubtful(found.entry())) {
          repair(index);
        } else if (isFresh(found.entry())) {
          known.add(new Known(
              index, new ReadOutcome.Found(found.entry(), found.origin().in(Tier.REMOTE))));
        } else {
          load.add(index, Lease.NONE, 0);
        }
      } else if (outcome instanceof ReadOutcome.Absent absent) {
        sortAbsent(index, absent, noted);
      } else if (outcome instanceof ReadOutcome.Failed failed) {
        if (failed.cause() instanceof CodecFailure) {
          tiers.listener.onUnreadable(request.keyspace(), Tier.REMOTE, "payload");
          repair(index);
        } else {
          loadInstead(load, index, failed.cause());
        }
      }
    }

    private void sortAbsent(int index, ReadOutcome.Absent absent, long noted) {
      var tombstone = absent.tombstone();
      if (tombstone != null && isFresh(tombstone) && !isDoubtful(tombstone)) {
        known.add(new Known(
            index, ReadOutcome.Absent.deleted(tombstone, absent.origin().in(Tier.REMOTE))));
        return;
      }
      if (absent.unreadable() != null) {
        tiers.listener.onUnreadable(request.keyspace(), Tier.REMOTE, absent.unreadable());
      }
      // Unreadable bytes are replaced by whoever holds the lease; to forget the key would end it.
      if (tombstone != null && isDoubtful(tombstone)) {
        repair(index);
      } else if (!absent.lease().granted() && absent.lease().remainingMillis() > 0) {
        held.add(new Held(index, noted, absent.lease().remainingMillis(), absent.mark()));
      } else {
        load.add(index, absent.lease(), absent.mark());
      }
    }

    /** What the remote tier holds cannot be used: it shall forget it. */
    private void repair(int index) {
      repairs.add(new Mutation.Forget(key(index), Duration.ZERO));
      loadPast(load, index, 0, "a remote tier that cannot be believed", null);
    }

    void end() {
      if (!repairs.isEmpty()) {
        tiers.fillRemote(new WriteRequest(request.keyspace(), repairs));
      }
      held.forEach(this::awaitOrLoad);
      // The load is under way before the readers of the other keys are told, so that what they do
      // next does not keep it from leaving.
      load.run();
      known.forEach(each -> settle(each.index, each.outcome));
    }

    /** Somebody else loads the key: waits for the feed to tell of it, if there is time for that. */
    private void awaitOrLoad(Held key) {
      var patient = patienceForOthers();
      if (!tiers.isFeedConnected() || patient.isZero() || patient.isNegative()) {
        loadPast(load, key.index, key.mark, "a lease held elsewhere", null);
        return;
      }
      var wait = tiers.awaited.await(key(key.index), key.noted);
      if (!wait.isDone()) {
        var held = Duration.ofMillis(key.remainingMillis);
        var timer = tiers.time.schedule(
            held.compareTo(patient) < 0 ? held : patient, () -> wait.complete(true));
        Completions.onEnd(wait, (done, failure) -> timer.cancel());
      }
      next(List.of(key.index), wait, woken -> again(key.index, key.mark), () -> {});
      Completions.onEnd(answer, (done, failure) -> wait.complete(true));
    }
  }

  private void again(int index, long mark) {
    if (isOver()) {
      return;
    }
    if (patienceForOthers().compareTo(Duration.ZERO) > 0) {
      healDoubts(List.of(index));
    } else {
      var load = new SourceLoad(this);
      loadPast(load, index, mark, "a lease held elsewhere", null);
      load.run();
    }
  }

  /**
   * For how long this read may wait for somebody else's load: as long as there is time left for one
   * of its own. That is twice what one takes on average, but a quarter of all its time at least and
   * half of it at most, and half of it if the average is not known.
   */
  private Duration patienceForOthers() {
    var own = tiers.loadTime.average().multipliedBy(2);
    var half = halfway.remaining();
    if (own.isZero()) {
      return half;
    }
    var patient = patience.remaining().minus(own.compareTo(reserve) > 0 ? own : reserve);
    return patient.compareTo(half) > 0 ? patient : half;
  }

  /** The remote tier failed, which is not a miss. */
  private void loadInstead(SourceLoad load, int index, ServingException cause) {
    tiers.listener.onTierFailure(request.keyspace(), Tier.REMOTE, cause);
    loadPast(load, index, 0, "a failed remote tier", cause);
  }

  /** Only so many keys may go past the remote tier to the source at once. */
  private void loadPast(
      SourceLoad load, int index, long mark, String what, @Nullable ServingException cause) {
    if (tiers.enterFallback()) {
      load.addFallback(index, mark);
      return;
    }
    var message =
        "keys past " + what + ": " + tiers.policy.maxFallbackKeys() + " (expected: fewer)";
    settle(index, new ReadOutcome.Failed(new Overloaded(message, here(), cause)));
  }

  private boolean isFresh(EncodedEntry entry) {
    return entry.version() >= request.freshness().atLeast()
        && tiers.isYoungEnough(entry, request.freshness().maxAge())
        && !tiers.groups.isDead(entry.barrier())
        && entry.barrier() >= request.barriers().of(Barriers.ALL);
  }

  private boolean isDoubtful(EncodedEntry entry) {
    return tiers.distrust.coversCopyOf(entry.createdAtMillis());
  }

  Where here() {
    return Where.at(tiers.source.name(), tiers.source.region());
  }
}
