package dev.tiercel.testing.region;

import dev.tiercel.time.Durations;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The way of writes from a region to another, or, for repairs, to itself. Those whose lag is not
 * over travel; the others have arrived, and of each item only the winner is kept, so that a link
 * that is cut holds one write per item at most. Used by the replicator's thread only, but for the
 * lag and the cuts.
 */
final class Link {

  private final int to;
  private final AtomicLong lagNanos;
  private final AtomicInteger cuts = new AtomicInteger();
  private final ArrayDeque<Commit> travelling = new ArrayDeque<>();
  private final Map<ItemKey, Commit> arrived = new LinkedHashMap<>();

  Link(int to, Duration lag) {
    this.to = to;
    lagNanos = new AtomicLong(Durations.nanos(lag));
  }

  /** The number of the region where it ends. */
  int to() {
    return to;
  }

  Runnable cut() {
    cuts.incrementAndGet();
    return cuts::decrementAndGet;
  }

  boolean isCut() {
    return cuts.get() > 0;
  }

  Runnable delay(Duration by) {
    var nanos = Durations.nanos(by);
    lagNanos.addAndGet(nanos);
    return () -> lagNanos.addAndGet(-nanos);
  }

  void send(Commit commit) {
    travelling.add(commit);
  }

  /** Lets arrive what is due; returns those that need not arrive any more. */
  List<Commit> arrive(long nowNanos) {
    var lost = new ArrayList<Commit>();
    while (isDue(travelling.peek(), nowNanos)) {
      var beaten = keepWinner(travelling.remove());
      if (beaten != null) {
        lost.add(beaten);
      }
    }
    return lost;
  }

  /** Puts back what could not be applied; returns which of the item's two is lost, if there are. */
  @Nullable
  Commit putBack(Commit commit) {
    return keepWinner(commit);
  }

  Collection<Commit> arrived() {
    return List.copyOf(arrived.values());
  }

  void take(Commit commit) {
    arrived.remove(commit.key());
  }

  int size() {
    return travelling.size() + arrived.size();
  }

  private boolean isDue(@Nullable Commit commit, long nowNanos) {
    return commit != null && nowNanos - commit.seenNanos() >= lagNanos.get();
  }

  private @Nullable Commit keepWinner(Commit commit) {
    var other = arrived.get(commit.key());
    if (other != null && other.beats(commit)) {
      return commit;
    }
    arrived.put(commit.key(), commit);
    return other;
  }
}
