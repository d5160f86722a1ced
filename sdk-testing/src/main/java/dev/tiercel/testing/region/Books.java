package dev.tiercel.testing.region;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What is known of all items and of all writes on their way, and what follows from it. Calls
 * nobody. Used by the replicator's thread only, but for the figures and the links' faults.
 */
final class Books {

  /** So many writes at once that streams are looked at often enough. */
  private static final int MOST_DUE = 128;

  private final int regions;
  private final String versionAttribute;
  private final Link[][] links;
  private final Map<ItemKey, Ledger> ledgers = new HashMap<>();
  private final Set<ItemKey> waiting = new LinkedHashSet<>();
  private final Map<String, long[]> completeNanos = new HashMap<>();
  private final AtomicLong pending = new AtomicLong();
  private final AtomicLong applied = new AtomicLong();
  private final AtomicLong discarded = new AtomicLong();

  /** A write that may be tried now. */
  record Due(Commit commit, Link link, Image expected) {}

  Books(int regions, Duration lag, String versionAttribute) {
    this.regions = regions;
    this.versionAttribute = versionAttribute;
    links = new Link[regions][regions];
    for (int from = 0; from < regions; from++) {
      for (int to = 0; to < regions; to++) {
        links[from][to] = new Link(to, from == to ? Duration.ZERO : lag);
      }
    }
  }

  Link link(int from, int to) {
    return links[from][to];
  }

  long pending() {
    return pending.get();
  }

  long applied() {
    return applied.get();
  }

  long discarded() {
    return discarded.get();
  }

  /** How many items something is known of. */
  int size() {
    return ledgers.size();
  }

  /** Hears of an item that a region held before its stream was read. */
  void found(ItemKey key, Image item, int region, long nowNanos) {
    var ledger = ledgers.computeIfAbsent(key, unknown -> new Ledger(key, Image.NONE, regions));
    var commit = Commit.found(key, item, region, nowNanos);
    ledger.hold(region, commit);
    sendToOthers(commit, ledger);
  }

  /** Hears of a change. */
  void told(Change change, int region, long nowNanos) {
    var ledger = ledgers.computeIfAbsent(
        change.key(), unknown -> new Ledger(change.key(), change.before(), regions));
    var attempt = ledger.attempt(region);
    if (attempt != null && attempt.isEcho(change)) {
      end(attempt, ledger);
      wrote(attempt, ledger);
      return;
    }
    if (attempt != null && attempt.fate() == Attempt.Fate.REFUSED) {
      end(attempt, ledger);
    }
    var commit = ledger.stamp(change, region, versionAttribute, nowNanos);
    ledger.hold(region, commit);
    sendToOthers(commit, ledger);
  }

  /** Hears that the stream of a table in a region has told everything until a moment. */
  void complete(String table, int region, long untilNanos) {
    completeNanos.computeIfAbsent(table, first -> new long[regions])[region] = untilNanos;
  }

  /** What may be tried now, one write per item and region. */
  List<Due> due(long nowNanos) {
    settleSilent();
    var due = new ArrayList<Due>();
    for (var row : links) {
      for (var link : row) {
        link.arrive(nowNanos).forEach(this::discard);
        if (!link.isCut()) {
          collect(link, due);
        }
      }
    }
    return due;
  }

  /** Hears how a write went that was due. */
  void tried(Attempt attempt) {
    var commit = attempt.commit();
    ledger(commit).attempt(attempt.link().to(), attempt);
    if (attempt.fate() == Attempt.Fate.REFUSED) {
      putBack(attempt);
    }
  }

  /** Forgets the items of which nothing later can be heard that was not later. */
  void forget() {
    ledgers
        .entrySet()
        .removeIf(one -> one.getValue().isSettled()
            && one.getValue().isOlderThan(completeEverywhere(one.getKey().table())));
  }

  private void sendToOthers(Commit commit, Ledger ledger) {
    for (int to = 0; to < regions; to++) {
      if (to != commit.origin()) {
        send(commit, ledger, links[commit.origin()][to]);
      }
    }
  }

  private void send(Commit commit, Ledger ledger, Link link) {
    link.send(commit);
    ledger.underway(1);
    pending.incrementAndGet();
  }

  private void collect(Link link, List<Due> due) {
    for (var commit : link.arrived()) {
      var ledger = ledger(commit);
      var held = ledger.held(link.to());
      if (due.size() == MOST_DUE) {
        return;
      } else if (ledger.attempt(link.to()) == null) {
        link.take(commit);
        if (!commit.beats(held)) {
          discard(commit);
        } else if (commit.image().equals(held.image())) {
          ledger.hold(link.to(), commit);
          discard(commit);
        } else {
          begin(commit, link, ledger);
          due.add(new Due(commit, link, held.image()));
        }
      }
    }
  }

  /** Until it has been tried nobody knows what became of it, and no other is tried. */
  private void begin(Commit commit, Link link, Ledger ledger) {
    ledger.attempt(
        link.to(), new Attempt(commit, link, Attempt.Fate.UNKNOWN, null, Long.MAX_VALUE));
    waiting.add(commit.key());
  }

  private void end(Attempt attempt, Ledger ledger) {
    ledger.attempt(attempt.link().to(), null);
  }

  /** A write has been done. If it replaced a later one, as can happen, that one is sent again. */
  private void wrote(Attempt attempt, Ledger ledger) {
    var region = attempt.link().to();
    var before = ledger.held(region);
    ledger.hold(region, attempt.commit());
    applied.incrementAndGet();
    leave(ledger);
    if (before.beats(attempt.commit())) {
      send(before, ledger, links[region][region]);
    }
  }

  /** Judges the tries of which streams that are complete have not told. */
  private void settleSilent() {
    waiting.removeIf(key -> {
      var ledger = ledgers.get(key);
      if (ledger == null) {
        return true;
      }
      ledger.waiting().forEach(region -> settleSilent(key, ledger, region));
      return ledger.waiting().findAny().isEmpty();
    });
  }

  private void settleSilent(ItemKey key, Ledger ledger, int region) {
    var attempt = ledger.attempt(region);
    if (attempt == null || complete(key.table())[region] <= attempt.endedNanos()) {
      return;
    }
    end(attempt, ledger);
    switch (attempt.fate()) {
      case APPLIED -> wrote(attempt, ledger);
      case UNKNOWN -> putBack(attempt);
      case REFUSED -> learn(key, ledger, region, attempt.found());
    }
  }

  private static void learn(ItemKey key, Ledger ledger, int region, @Nullable Image found) {
    ledger.hold(region, Commit.unknown(key, found == null ? Image.NONE : found));
  }

  private void putBack(Attempt attempt) {
    var lost = attempt.link().putBack(attempt.commit());
    if (lost != null) {
      discard(lost);
    }
  }

  private void discard(Commit commit) {
    discarded.incrementAndGet();
    leave(ledger(commit));
  }

  private void leave(Ledger ledger) {
    ledger.underway(-1);
    pending.decrementAndGet();
  }

  private Ledger ledger(Commit commit) {
    var ledger = ledgers.get(commit.key());
    if (ledger == null) {
      throw new IllegalStateException("item: unknown (expected: known while a write travels)");
    }
    return ledger;
  }

  private long[] complete(String table) {
    return completeNanos.computeIfAbsent(table, first -> new long[regions]);
  }

  private long completeEverywhere(String table) {
    var earliest = Long.MAX_VALUE;
    for (var until : complete(table)) {
      earliest = Math.min(earliest, until);
    }
    return earliest;
  }
}
