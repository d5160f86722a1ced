package dev.tiercel.builtin;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Feed;
import dev.tiercel.backend.Lease;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.time.Time;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Cells in a concurrent map. Every mutation is one atomic step on its key; calls complete on the
 * caller's thread.
 *
 * <p>Leases and hold-offs take room like entries. When there is none left, what is over is swept
 * out first.
 */
final class InMemoryBackend implements Backend {

  private static final int OVERHEAD_BYTES = 128;

  /** Where a cell is. A record, since no joined text keeps every keyspace and key apart. */
  record Path(String keyspace, String key) {}

  private final String name;
  private final ConcurrentMap<Path, Cell> cells;
  private final Room room;
  private final Time time;
  private final boolean tells;
  private final BarrierBook barriers = new BarrierBook();
  private final InMemoryFeed feed;
  private final AtomicLong tokens = new AtomicLong();

  /** No cell is over before this time: a sweep would find nothing. */
  private final AtomicLong firstEnd = new AtomicLong(Long.MAX_VALUE);

  private volatile boolean open = true;

  /** What a reader who asks for leases wants of a copy, so that it does not count as missing. */
  private record Want(ReadRequest request, long barrier) {
    @Nullable
    EncodedEntry of(@Nullable Cell cell, long now) {
      return cell == null ? null : cell.fresh(request.freshness(), barrier, now);
    }
  }

  InMemoryBackend(
      String name, ConcurrentMap<Path, Cell> cells, long maxBytes, Time time, boolean tells) {
    this.name = name;
    this.cells = cells;
    this.room = new Room(maxBytes);
    this.time = time;
    this.tells = tells;
    this.feed = new InMemoryFeed(cells, barriers, time, Where.at(name, ""));
  }

  /** What a cell takes of the room. */
  static int weight(Path path, @Nullable Cell cell) {
    if (cell == null) {
      return 0;
    }
    var entry = cell.entry();
    return OVERHEAD_BYTES
        + path.keyspace().length()
        + path.key().length()
        + (entry == null ? 0 : entry.size());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String region() {
    return "";
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(
        1000, 1000, 4096, 64 << 20, EnumSet.complementOf(EnumSet.of(Feature.HEDGED_READS)));
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    if (!open) {
      return CompletableFuture.completedFuture(ReadResult.failed(request.keys().size(), closed()));
    }
    // In this order: a reader who is told that a copy is missing knows the barrier that killed it,
    // and one who is told of a copy knows every barrier raised before.
    var ofAll = Math.max(barriers.ofAll(request.keyspace()), request.barriers().of(Barriers.ALL));
    var news = barriers.since(request.keyspace(), request.barriers().seen());
    var want = new Want(request, ofAll);
    var outcomes = request.keys().stream().map(key -> read(want, key)).toList();
    return CompletableFuture.completedFuture(new ReadResult(outcomes, news));
  }

  private ReadOutcome read(Want want, String key) {
    var path = new Path(want.request().keyspace(), key);
    var now = time.millis();
    var cell = cells.get(path);
    if (want.request().lease().isZero()) {
      return outcome(cell == null ? null : cell.alive(now), Lease.NONE, markIn(cell, now));
    }
    var fresh = want.of(cell, now);
    return fresh == null ? lease(want, path, now) : outcome(fresh, Lease.NONE, 0);
  }

  /**
   * Grants the lease if what is wanted is still missing, nobody has it, and there is room for it.
   * What is there stays, for readers who want less.
   */
  private ReadOutcome lease(Want want, Path path, long now) {
    var token = tokens.incrementAndGet();
    var after = cells.compute(path, (same, cell) -> {
      var before = cell == null ? Cell.EMPTY : cell;
      if (want.of(before, now) != null || before.isLeasedAt(now)) {
        return before;
      }
      var leased = before.leased(token, now, want.request().lease());
      return replace(path, cell, leased) ? leased : cell;
    });
    if (after == null) {
      return outcome(null, Lease.NONE, 0);
    }
    return outcome(want.of(after, now), lease(after, token, now), after.markAt(now));
  }

  private static long markIn(@Nullable Cell cell, long now) {
    return cell == null ? 0 : cell.markAt(now);
  }

  private static Lease lease(Cell after, long token, long now) {
    if (after.token() == 0) {
      return Lease.NONE;
    }
    var remaining = Math.max(0, after.leasedUntil() - now);
    return after.token() == token ? new Lease(token, remaining) : Lease.heldElsewhere(remaining);
  }

  private static ReadOutcome outcome(@Nullable EncodedEntry entry, Lease lease, long mark) {
    var origin = Origin.source("");
    if (entry == null) {
      return ReadOutcome.Absent.missing(origin, lease, mark);
    }
    return entry.isTombstone()
        ? ReadOutcome.Absent.deleted(entry, origin)
        : new ReadOutcome.Found(entry, origin);
  }

  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    if (!open) {
      return CompletableFuture.completedFuture(
          WriteResult.failed(request.mutations().size(), closed()));
    }
    var outcomes = request.mutations().stream()
        .map(mutation -> write(request.keyspace(), mutation))
        .toList();
    return CompletableFuture.completedFuture(new WriteResult(outcomes));
  }

  private WriteOutcome write(String keyspace, Mutation mutation) {
    if (mutation instanceof Mutation.Barrier barrier) {
      return raise(keyspace, barrier.group());
    }
    var path = new Path(keyspace, mutation.key());
    var applied = tryWrite(path, mutation);
    if (applied == null && sweep()) {
      applied = tryWrite(path, mutation);
    }
    if (applied == null) {
      return new WriteOutcome.Failed(full());
    }
    if (applied.isTold(mutation)) {
      tell(keyspace, mutation);
    }
    return applied.outcome;
  }

  private void tell(String keyspace, Mutation mutation) {
    if (mutation instanceof Mutation.Release) {
      feed.released(keyspace, mutation.key());
    } else {
      feed.changed(keyspace, mutation.key());
    }
  }

  /** What became of a mutation, and whether it made any difference. */
  private record Applied(WriteOutcome outcome, boolean changed) {

    boolean isTold(Mutation mutation) {
      if (!(outcome instanceof WriteOutcome.Stored) || mutation instanceof Mutation.Renew) {
        return false;
      }
      return changed || !(mutation instanceof Mutation.Forget forget) || forget.isOfAnyCopy();
    }
  }

  private WriteOutcome raise(String keyspace, String group) {
    var barrier = barriers.raise(keyspace, group, time.millis());
    feed.groupsChanged(keyspace);
    return new WriteOutcome.Stored(barrier);
  }

  /** Applies the mutation; null if there is no room for what it makes of the cell. */
  private @Nullable Applied tryWrite(Path path, Mutation mutation) {
    var applied = new Applied[1];
    cells.compute(path, (same, cell) -> {
      var before = cell == null ? Cell.EMPTY : cell;
      var now = time.millis();
      var after = before.applied(mutation, now);
      if (after == null) {
        var inTheWay = before.inTheWayOf(mutation, now);
        applied[0] = new Applied(new WriteOutcome.Rejected(inTheWay), false);
        return cell;
      }
      var kept = after.equals(Cell.EMPTY) ? null : after;
      if (!replace(path, cell, kept)) {
        return cell;
      }
      applied[0] =
          new Applied(new WriteOutcome.Stored(stored(mutation, after)), !after.equals(before));
      return kept;
    });
    return applied[0];
  }

  private static long stored(Mutation mutation, Cell after) {
    return mutation instanceof Mutation.Mark
        ? Math.max(after.version(), after.mark())
        : after.version();
  }

  /** Takes the room that a cell in place of another needs; false if it is not there. */
  private boolean replace(Path path, @Nullable Cell before, @Nullable Cell after) {
    if (!room.take(weight(path, after) - weight(path, before))) {
      return false;
    }
    if (after != null) {
      firstEnd.accumulateAndGet(after.end(), Math::min);
    }
    return true;
  }

  /** Drops what is over; false if nothing can be. */
  private boolean sweep() {
    var now = time.millis();
    if (firstEnd.get() > now) {
      return false;
    }
    firstEnd.set(Long.MAX_VALUE);
    for (var path : cells.keySet()) {
      cells.computeIfPresent(path, (same, cell) -> {
        var kept = cell.end() <= now ? null : cell;
        // Never refused, since it takes no room; a cell that stays is noted for the next sweep.
        return replace(path, cell, kept) ? kept : cell;
      });
    }
    return true;
  }

  @Override
  public Optional<Feed> feed() {
    return tells ? Optional.of(feed) : Optional.empty();
  }

  @Override
  public void close() {
    open = false;
    feed.close();
    cells.clear();
  }

  private Overloaded full() {
    return new Overloaded(room.toString(), Where.at(name, ""), null);
  }

  private Unavailable closed() {
    return new Unavailable("backend: closed (expected: open)", Where.at(name, ""), null);
  }
}
