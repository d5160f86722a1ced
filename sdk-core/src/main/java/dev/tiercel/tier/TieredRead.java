package dev.tiercel.tier;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Freshness;
import dev.tiercel.backend.Lease;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.Tier;
import dev.tiercel.backend.WriteOutcome;
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
import java.util.function.Consumer;

/**
 * One read on its way through the remote tier and the source. The steps follow each other, each on
 * the thread that completed the one before:
 *
 * <pre>
 * healDoubts -> askRemote -> (sort each outcome) -> askSource -> (settle each outcome) -> fillRemote, answer
 * </pre>
 *
 * <p>A consistent read goes to {@code askSource} at once.
 */
final class TieredRead {

  private static final long NOT_OUTDATED = Long.MAX_VALUE;

  private final TieredBackend tiers;
  private final ReadRequest request;
  private final CallContext context;
  private final Deadline patience;
  private final TieredBackend.Early early;
  private final CompletableFuture<ReadResult> answer = new CompletableFuture<>();

  /** By index of the key; null until it is known. */
  private final ReadOutcome[] outcomes;

  /** By index of the key; the lease this read holds on it. */
  private final Lease[] leases;

  /** By index of the key; the version of a copy in the remote tier that will not do. */
  private final long[] outdated;

  /** By index of the key; whether that copy is the mark of a deletion. */
  private final boolean[] outdatedMark;

  private final List<Integer> wantedOfSource = new ArrayList<>();
  private final List<Mutation> repairs = new ArrayList<>();
  private int fallbackKeys;
  private volatile CompletableFuture<?> pending = answer;

  TieredRead(
      TieredBackend tiers,
      ReadRequest request,
      CallContext context,
      Deadline patience,
      TieredBackend.Early early) {
    this.tiers = tiers;
    this.request = request;
    this.context = context;
    this.patience = patience;
    this.early = early;
    this.outcomes = new ReadOutcome[request.keys().size()];
    this.leases = new Lease[outcomes.length];
    this.outdated = new long[outcomes.length];
    this.outdatedMark = new boolean[outcomes.length];
    Arrays.fill(leases, Lease.NONE);
    Arrays.fill(outdated, NOT_OUTDATED);
  }

  CompletableFuture<ReadResult> run() {
    Completions.onEnd(answer, (result, failure) -> {
      if (answer.isCancelled()) {
        pending.cancel(true);
      }
    });
    if (request.freshness().consistent()) {
      for (var index = 0; index < outcomes.length; index++) {
        wantedOfSource.add(index);
      }
      askSource();
    } else {
      healDoubts();
    }
    return answer;
  }

  /**
   * Makes the remote tier forget the keys it could not be told about, before anything is believed
   * of them.
   */
  private void healDoubts() {
    var doubted = new ArrayList<Integer>();
    var trusted = new ArrayList<Integer>();
    for (var index = 0; index < outcomes.length; index++) {
      (tiers.distrust.contains(key(index)) ? doubted : trusted).add(index);
    }
    if (doubted.isEmpty()) {
      askRemote(trusted);
      return;
    }
    var stamp = tiers.distrust.stamp();
    var forgets = doubted.stream()
        .<Mutation>map(index -> new Mutation.Forget(key(index), tiers.distrust.holdOff(key(index))))
        .toList();
    next(
        tiers.remote.write(
            new WriteRequest(request.keyspace(), forgets), tiers.remoteContext(context, patience)),
        result -> {
          for (var i = 0; i < doubted.size(); i++) {
            var index = doubted.get(i);
            if (result.outcomes().get(i) instanceof WriteOutcome.Failed failed) {
              askSourceInstead(index, failed.cause());
            } else {
              tiers.distrust.clearRaisedBefore(key(index), stamp);
              trusted.add(index);
            }
          }
          askRemote(trusted);
        });
  }

  private void askRemote(List<Integer> indexes) {
    if (indexes.isEmpty()) {
      askSource();
      return;
    }
    var ask = new ReadRequest(
        request.keyspace(), keys(indexes), request.freshness(), tiers.policy.lease());
    next(tiers.remote.read(ask, tiers.remoteContext(context, patience)), result -> {
      for (var i = 0; i < indexes.size(); i++) {
        sort(indexes.get(i), result.outcomes().get(i));
      }
      sendUnawaited(repairs);
      tellEarly(indexes);
      askSource();
    });
  }

  /** What the remote tier has answered need not wait for the source. */
  private void tellEarly(List<Integer> indexes) {
    if (wantedOfSource.isEmpty()) {
      return;
    }
    for (var index : indexes) {
      var outcome = outcomes[index];
      if (outcome != null) {
        early.outcome(index, outcome);
      }
    }
  }

  /** Takes the remote tier's word for a key, or decides that the source must be asked. */
  private void sort(int index, ReadOutcome outcome) {
    if (outcome instanceof ReadOutcome.Found found) {
      if (isDoubtful(found.entry())) {
        repair(index);
      } else if (isFresh(found.entry())) {
        outcomes[index] = new ReadOutcome.Found(found.entry(), remote(found.origin()));
      } else {
        outdated[index] = found.entry().version();
        wantedOfSource.add(index);
      }
    } else if (outcome instanceof ReadOutcome.Absent absent) {
      sortAbsent(index, absent);
    } else if (outcome instanceof ReadOutcome.Failed failed) {
      if (failed.cause() instanceof CodecFailure) {
        tiers.listener.onUnreadable(request.keyspace(), Tier.REMOTE, "payload");
        repair(index);
      } else {
        askSourceInstead(index, failed.cause());
      }
    }
  }

  private void sortAbsent(int index, ReadOutcome.Absent absent) {
    var tombstone = absent.tombstone();
    if (tombstone != null && isFresh(tombstone) && !isDoubtful(tombstone)) {
      outcomes[index] = ReadOutcome.Absent.deleted(tombstone, remote(absent.origin()));
      return;
    }
    leases[index] = absent.lease();
    if (absent.unreadable() != null) {
      tiers.listener.onUnreadable(request.keyspace(), Tier.REMOTE, absent.unreadable());
    }
    // Unreadable bytes are replaced by whoever holds the lease; to forget the key would end it.
    if (tombstone != null && isDoubtful(tombstone)) {
      repair(index);
      return;
    }
    if (tombstone != null) {
      outdated[index] = tombstone.version();
      outdatedMark[index] = true;
    }
    wantedOfSource.add(index);
  }

  /** What the remote tier holds cannot be used: it shall forget it. */
  private void repair(int index) {
    repairs.add(forget(index));
    wantedOfSource.add(index);
  }

  /**
   * The remote tier failed, which is not a miss: only so many keys may go past it to the source at
   * once.
   */
  private void askSourceInstead(int index, ServingException cause) {
    tiers.listener.onTierFailure(request.keyspace(), Tier.REMOTE, cause);
    if (tiers.enterFallback()) {
      fallbackKeys++;
      wantedOfSource.add(index);
    } else {
      var what = "keys past a failed remote tier: " + tiers.policy.maxFallbackKeys()
          + " (expected: fewer)";
      outcomes[index] = new ReadOutcome.Failed(new Overloaded(what, here(), cause));
    }
  }

  private void askSource() {
    if (wantedOfSource.isEmpty() || answer.isDone()) {
      leaveFallback();
      answer();
      return;
    }
    var loadedAt = tiers.time.millis();
    tiers.listener.onSourceLoad(request.keyspace(), wantedOfSource.size());
    var mustBeLatest = request.freshness().consistent() || request.freshness().atLeast() > 0;
    var ask = new ReadRequest(
        request.keyspace(),
        keys(wantedOfSource),
        mustBeLatest ? Freshness.CONSISTENT : Freshness.ANY,
        Duration.ZERO);
    next(tiers.source.read(ask, context), result -> {
      leaveFallback();
      var fills = new ArrayList<Mutation>();
      for (var i = 0; i < wantedOfSource.size(); i++) {
        settle(wantedOfSource.get(i), result.outcomes().get(i), loadedAt, fills);
      }
      sendUnawaited(fills);
      answer();
    });
  }

  /**
   * The source's word is final; it is stamped with the time it was asked, which its caches carry
   * on.
   */
  private void settle(int index, ReadOutcome outcome, long loadedAt, List<Mutation> fills) {
    if (outcome instanceof ReadOutcome.Found found) {
      var entry = found.entry().withTimes(loadedAt, 0, found.entry().expiryMillis());
      outcomes[index] =
          isTooOld(entry) ? tooOld(entry) : new ReadOutcome.Found(entry, source(found.origin()));
      fill(index, entry, fills);
    } else if (outcome instanceof ReadOutcome.Absent absent && absent.tombstone() != null) {
      var tombstone =
          absent.tombstone().withTimes(loadedAt, 0, absent.tombstone().expiryMillis());
      outcomes[index] = isTooOld(tombstone)
          ? tooOld(tombstone)
          : ReadOutcome.Absent.deleted(tombstone, source(absent.origin()));
      fill(index, tombstone, fills);
    } else if (outcome instanceof ReadOutcome.Absent absent) {
      outcomes[index] = ReadOutcome.Absent.unknown(source(absent.origin()));
      if (request.freshness().consistent() || outdated[index] != NOT_OUTDATED) {
        // Gone without a trace: nothing else would ever take back what the remote tier may hold.
        fills.add(forget(index));
      }
    } else {
      outcomes[index] = outcome;
    }
  }

  private void fill(int index, EncodedEntry entry, List<Mutation> fills) {
    var lease = leases[index];
    if (lease.granted()) {
      fills.add(new Mutation.Fill(
          key(index), tiers.remoteCopy(entry), new Condition.IfLease(lease.token())));
    } else if (entry.version() > outdated[index] && outdatedMark[index]) {
      // Nothing can be fenced by a mark; the next reader is leased the key.
      fills.add(forget(index));
    } else if (entry.version() > outdated[index]) {
      // No lease is granted on a key that is there. The outdated copy itself is the fence: any
      // write or forget ends it.
      var fence = new Condition.IfVersion(outdated[index]);
      fills.add(new Mutation.Put(key(index), tiers.remoteCopy(entry), fence));
    }
  }

  /**
   * Fills and repairs of the remote tier: no reader waits for them, but the drain at close does.
   */
  private void sendUnawaited(List<Mutation> mutations) {
    if (!mutations.isEmpty()) {
      tiers.fillRemote(new WriteRequest(request.keyspace(), mutations));
    }
  }

  private boolean isFresh(EncodedEntry entry) {
    return entry.version() >= request.freshness().atLeast()
        && tiers.isYoungEnough(entry, request.freshness().maxAge());
  }

  private boolean isDoubtful(EncodedEntry entry) {
    return tiers.distrust.coversCopyOf(entry.createdAtMillis());
  }

  private boolean isTooOld(EncodedEntry entry) {
    return tiers.versioned && entry.version() < request.freshness().atLeast();
  }

  private ReadOutcome tooOld(EncodedEntry entry) {
    var what = "version: " + entry.version() + " (expected: at least "
        + request.freshness().atLeast() + ")";
    return new ReadOutcome.Failed(new Unavailable(what, here(), null));
  }

  private Where here() {
    return Where.at(tiers.source.name(), tiers.source.region());
  }

  private static Origin remote(Origin origin) {
    return new Origin(Tier.REMOTE, origin.region());
  }

  private static Origin source(Origin origin) {
    return new Origin(Tier.SOURCE, origin.region());
  }

  private Mutation.Forget forget(int index) {
    return new Mutation.Forget(key(index), Duration.ZERO);
  }

  private String key(int index) {
    return request.keys().get(index);
  }

  private List<String> keys(List<Integer> indexes) {
    return indexes.stream().map(this::key).toList();
  }

  private <R> void next(CompletableFuture<R> step, Consumer<R> then) {
    pending = step;
    if (answer.isCancelled()) {
      step.cancel(true);
    }
    Completions.onEnd(step, (result, failure) -> {
      if (result == null) {
        // Only a cancel gets here: guarded backends answer everything else per key.
        leaveFallback();
        answer.cancel(true);
        return;
      }
      try {
        then.accept(result);
      } catch (RuntimeException | Error thrown) {
        // A backend's broken answer, say: its readers hear of it at once, and nothing is held on
        // to.
        leaveFallback();
        failRest(thrown);
        throw thrown;
      }
    });
  }

  private void failRest(Throwable thrown) {
    var what = "tiers: failed with " + thrown.getClass().getSimpleName();
    var cause = new ReadOutcome.Failed(new Unavailable(what, here(), thrown));
    for (var index = 0; index < outcomes.length; index++) {
      if (outcomes[index] == null) {
        outcomes[index] = cause;
      }
    }
    answer();
  }

  private void leaveFallback() {
    tiers.leaveFallback(fallbackKeys);
    fallbackKeys = 0;
  }

  private void answer() {
    if (!answer.isDone()) {
      answer.complete(new ReadResult(Arrays.asList(outcomes)));
    }
  }
}
