package dev.tiercel.tier;

import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Freshness;
import dev.tiercel.backend.Lease;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.Tier;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.coherence.Mechanism;
import dev.tiercel.error.Unavailable;
import dev.tiercel.time.Durations;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one read that only the source can answer: one request, under whatever leases they
 * have, and then the fills. While it is slow the leases are renewed; what is not filled in the end
 * is given back.
 *
 * <p>This is the one way into the caches: loads, refreshes and batches all go through it.
 */
final class SourceLoad {

  /**
   * A key to load.
   *
   * @param index which of the read's
   * @param lease what the remote tier granted, if it did
   * @param mark the version known to exist elsewhere: a source that has nothing as new is behind; 0
   *     for none
   */
  private record Wanted(int index, Lease lease, long mark) {}

  private final TieredRead read;
  private final TieredBackend tiers;
  private final List<Wanted> wanted = new ArrayList<>();
  private final List<Mutation.Forget> tellings = new ArrayList<>();
  private boolean marked;
  private int fallbackKeys;
  private long loadedAt;
  private long beganNanos;
  private long barrier;
  private volatile boolean ended;
  private volatile Time.@Nullable Timer renewal;

  SourceLoad(TieredRead read) {
    this.read = read;
    this.tiers = read.tiers;
  }

  /** A key to load, under its lease if there is one, and with its mark; 0 for none. */
  void add(int index, Lease lease, long mark) {
    wanted.add(new Wanted(index, lease, mark));
    marked |= mark > 0;
  }

  /** A key that goes past the remote tier, one of those that {@code enterFallback} let in. */
  void addFallback(int index, long mark) {
    fallbackKeys++;
    add(index, Lease.NONE, mark);
  }

  /** Asks the source, if there is anything to ask. */
  void run() {
    if (wanted.isEmpty()) {
      return;
    }
    if (read.isOver()) {
      cleanUp();
      return;
    }
    loadedAt = tiers.time.millis();
    beganNanos = tiers.time.nanos();
    barrier = tiers.groups.seen();
    renewLater();
    var indexes = wanted.stream().map(Wanted::index).toList();
    tiers.listener.onSourceLoad(tiers.keyspace, indexes.size());
    var ask = new ReadRequest(
        tiers.keyspace,
        indexes.stream().map(read::key).toList(),
        mustBeLatest() ? Freshness.CONSISTENT : Freshness.ANY,
        Duration.ZERO);
    read.next(
        indexes,
        tiers.source.read(ask, read.context),
        result -> settle(result.outcomes()),
        this::cleanUp);
  }

  /** Also where a mark says what to look for: the sooner it is found, the sooner it is cached. */
  private boolean mustBeLatest() {
    return read.request.freshness().consistent()
        || read.request.freshness().atLeast() > 0
        || marked;
  }

  private void settle(List<ReadOutcome> outcomes) {
    end();
    if (outcomes.stream().anyMatch(outcome -> !(outcome instanceof ReadOutcome.Failed))) {
      tiers.loadTime.record(tiers.time.nanos() - beganNanos);
    }
    var news = new ArrayList<Mutation>();
    var settled = new ArrayList<ReadOutcome>();
    for (var i = 0; i < wanted.size(); i++) {
      settled.add(settled(wanted.get(i), outcomes.get(i), news));
    }
    send(news);
    for (var i = 0; i < wanted.size(); i++) {
      read.settle(wanted.get(i).index, settled.get(i));
    }
    // Last: the feed will tell of it, and by then this process has what it read.
    tellings.forEach(tiers::tell);
  }

  /**
   * The source's word is final; it is stamped with the time it was asked, which its caches carry
   * on.
   */
  private ReadOutcome settled(Wanted key, ReadOutcome outcome, List<Mutation> news) {
    if (outcome instanceof ReadOutcome.Found found) {
      var entry = stamped(found.entry());
      var origin = origin(key, found.origin(), entry.version());
      if (origin.isCacheable()) {
        store(key, entry, news);
      } else {
        // It may lag behind what the feed has told already, and would not tell again.
        giveBack(key, news);
      }
      return unlessTooOld(entry, new ReadOutcome.Found(entry, origin));
    }
    if (!(outcome instanceof ReadOutcome.Absent absent)) {
      giveBack(key, news);
      return outcome;
    }
    return settled(key, absent, news);
  }

  private ReadOutcome settled(Wanted key, ReadOutcome.Absent absent, List<Mutation> news) {
    var origin = origin(key, absent.origin(), absent.version());
    var tombstone = absent.tombstone();
    var remembered = tombstone == null ? negative() : stamped(tombstone);
    if (remembered == null) {
      gone(key, news);
      return ReadOutcome.Absent.unknown(origin);
    }
    if (origin.isCacheable()) {
      store(key, remembered, news);
    } else {
      giveBack(key, news);
    }
    var deleted = ReadOutcome.Absent.deleted(remembered, origin);
    return tombstone == null ? deleted : unlessTooOld(remembered, deleted);
  }

  /** Where an answer of the source comes from: one below the key's mark from a source behind. */
  private static Origin origin(Wanted key, Origin told, long version) {
    var origin = told.in(Tier.SOURCE);
    return version < key.mark ? origin.ofBehind() : origin;
  }

  private EncodedEntry stamped(EncodedEntry entry) {
    return entry.withTimes(loadedAt, 0, entry.expiryMillis()).withBarrier(barrier);
  }

  /** What is remembered of a key that the source knows nothing of; null if nothing is. */
  private @Nullable EncodedEntry negative() {
    var ttl = tiers.ttls.negative();
    return ttl.isZero()
        ? null
        : EncodedEntry.tombstone(0, loadedAt, loadedAt + Durations.millis(ttl))
            .withBarrier(barrier);
  }

  private void store(Wanted key, EncodedEntry entry, List<Mutation> news) {
    if (key.lease.granted()) {
      news.add(fill(key, tiers.remoteCopy(entry)));
    } else if (read.request.freshness().consistent()) {
      tellSeen(key, entry);
    }
  }

  /**
   * This reader has seen this; the remote tier may hold something older that its writer could not
   * tell it to drop.
   */
  private void tellSeen(Wanted key, EncodedEntry entry) {
    var text = read.key(key.index);
    if (entry.version() > 0) {
      tellings.add(new Mutation.Forget(text, Duration.ZERO, entry.version()));
    } else if (entry.isTombstone()) {
      // Gone without a trace: nothing else would ever take back what the remote tier may hold.
      tellings.add(new Mutation.Forget(text, Duration.ZERO));
    }
  }

  private Mutation fill(Wanted key, EncodedEntry copy) {
    var text = read.key(key.index);
    return Mechanism.LEASE.isOn()
        ? new Mutation.Fill(text, copy, new Condition.IfLease(key.lease.token()))
        : new Mutation.Put(text, copy, Condition.ALWAYS);
  }

  /** The source has no value and no mark of a deletion, and nothing is to be remembered of that. */
  private void gone(Wanted key, List<Mutation> news) {
    if (read.request.freshness().consistent()) {
      tellings.add(new Mutation.Forget(read.key(key.index), Duration.ZERO));
    } else {
      giveBack(key, news);
    }
  }

  private void giveBack(Wanted key, List<Mutation> news) {
    if (key.lease.granted()) {
      news.add(new Mutation.Release(read.key(key.index), new Condition.IfLease(key.lease.token())));
    }
  }

  private void renewLater() {
    if (wanted.stream().anyMatch(key -> key.lease.granted())) {
      renewal = tiers.time.schedule(tiers.policy.lease().dividedBy(3), this::renew);
    }
  }

  private void renew() {
    if (ended) {
      return;
    }
    send(wanted.stream()
        .filter(key -> key.lease.granted())
        .<Mutation>map(key -> new Mutation.Renew(
            read.key(key.index), new Condition.IfLease(key.lease.token()), tiers.policy.lease()))
        .toList());
    renewLater();
    if (ended) {
      // Meanwhile, and without having seen this timer.
      cancelRenewal();
    }
  }

  private void cancelRenewal() {
    var timer = renewal;
    if (timer != null) {
      timer.cancel();
    }
  }

  private void end() {
    ended = true;
    cancelRenewal();
    leaveFallback();
  }

  /** Nobody waits any more, or it went wrong: what was taken is given back. */
  private void cleanUp() {
    end();
    var news = new ArrayList<Mutation>();
    wanted.forEach(key -> giveBack(key, news));
    send(news);
  }

  void leaveFallback() {
    tiers.leaveFallback(fallbackKeys);
    fallbackKeys = 0;
  }

  /**
   * Fills and what else the remote tier is told: no reader waits for it, but the drain at close
   * does.
   */
  private void send(List<Mutation> mutations) {
    if (!mutations.isEmpty()) {
      tiers.fillRemote(new WriteRequest(tiers.keyspace, mutations));
    }
  }

  private ReadOutcome unlessTooOld(EncodedEntry entry, ReadOutcome told) {
    var atLeast = read.request.freshness().atLeast();
    if (!tiers.versioned || entry.version() >= atLeast) {
      return told;
    }
    var what = "version: " + entry.version() + " (expected: at least " + atLeast + ")";
    return new ReadOutcome.Failed(new Unavailable(what, read.here(), null), told);
  }
}
