package dev.tiercel.builtin;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Feature;
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
  private final AtomicLong tokens = new AtomicLong();

  /** No cell is over before this time: a sweep would find nothing. */
  private final AtomicLong firstEnd = new AtomicLong(Long.MAX_VALUE);

  private volatile boolean open = true;

  InMemoryBackend(String name, ConcurrentMap<Path, Cell> cells, long maxBytes, Time time) {
    this.name = name;
    this.cells = cells;
    this.room = new Room(maxBytes);
    this.time = time;
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
    return new Capabilities(1000, 1000, 4096, 64 << 20, EnumSet.allOf(Feature.class));
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    if (!open) {
      return CompletableFuture.completedFuture(ReadResult.failed(request.keys().size(), closed()));
    }
    var outcomes = request.keys().stream().map(key -> read(request, key)).toList();
    return CompletableFuture.completedFuture(new ReadResult(outcomes));
  }

  private ReadOutcome read(ReadRequest request, String key) {
    var path = new Path(request.keyspace(), key);
    var now = time.millis();
    var cell = cells.get(path);
    var entry = cell == null ? null : cell.alive(now);
    return entry == null && !request.lease().isZero()
        ? lease(request, path, now)
        : outcome(entry, Lease.NONE);
  }

  /** Grants the lease if the key is still missing, nobody has it, and there is room for it. */
  private ReadOutcome lease(ReadRequest request, Path path, long now) {
    var token = tokens.incrementAndGet();
    var after = cells.compute(path, (same, cell) -> {
      var before = cell == null ? Cell.EMPTY : cell;
      if (before.alive(now) != null || before.isLeasedAt(now)) {
        return before;
      }
      var leased = before.leased(token, now, request.lease());
      return replace(path, cell, leased) ? leased : cell;
    });
    if (after == null) {
      return outcome(null, Lease.NONE);
    }
    var remaining = Math.max(0, after.leasedUntil() - now);
    return outcome(
        after.alive(now),
        after.token() == token ? new Lease(token, remaining) : Lease.heldElsewhere(remaining));
  }

  private static ReadOutcome outcome(@Nullable EncodedEntry entry, Lease lease) {
    var origin = Origin.source("");
    if (entry == null) {
      return new ReadOutcome.Absent(null, origin, lease, null);
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
    var path = new Path(keyspace, mutation.key());
    var outcome = tryWrite(path, mutation);
    if (outcome == null && sweep()) {
      outcome = tryWrite(path, mutation);
    }
    return outcome == null ? new WriteOutcome.Failed(full()) : outcome;
  }

  /** Applies the mutation; null if there is no room for what it makes of the cell. */
  private @Nullable WriteOutcome tryWrite(Path path, Mutation mutation) {
    var outcome = new WriteOutcome[1];
    cells.compute(path, (same, cell) -> {
      var before = cell == null ? Cell.EMPTY : cell;
      var after = before.applied(mutation, time.millis());
      if (after == null) {
        outcome[0] = new WriteOutcome.Rejected(before.version());
        return cell;
      }
      var kept = after.equals(Cell.EMPTY) ? null : after;
      if (!replace(path, cell, kept)) {
        return cell;
      }
      outcome[0] = new WriteOutcome.Stored(after.version());
      return kept;
    });
    return outcome[0];
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
  public void close() {
    open = false;
    cells.clear();
  }

  private Overloaded full() {
    return new Overloaded(room.toString(), Where.at(name, ""), null);
  }

  private Unavailable closed() {
    return new Unavailable("backend: closed (expected: open)", Where.at(name, ""), null);
  }
}
