package dev.tiercel.builtin;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.Condition;
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

/** Entries in a concurrent map. Every mutation is one atomic step on its key; calls complete on the caller's thread. */
final class InMemoryBackend implements Backend {

  private static final int OVERHEAD_BYTES = 128;

  /**
   * What is held of a key.
   *
   * @param entry the value or tombstone, null if there is only a lease
   * @param token the lease's token, 0 for the hold-off that nobody holds
   * @param leasedUntil until when the lease or hold-off holds, in wall-clock milliseconds; 0 for none
   */
  record Cell(@Nullable EncodedEntry entry, long token, long leasedUntil) {

    boolean isLeasedAt(long millis) {
      return leasedUntil > millis;
    }

    /** The entry, unless it is over. */
    @Nullable EncodedEntry alive(long millis) {
      return entry == null || entry.isExpiredAt(millis) ? null : entry;
    }

    long version() {
      return entry == null ? 0 : entry.version();
    }
  }

  private final String name;
  private final ConcurrentMap<String, Cell> cells;
  private final long maxBytes;
  private final Time time;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong tokens = new AtomicLong();
  private volatile boolean open = true;

  InMemoryBackend(String name, ConcurrentMap<String, Cell> cells, long maxBytes, Time time) {
    this.name = name;
    this.cells = cells;
    this.maxBytes = maxBytes;
    this.time = time;
  }

  static int weight(String key, Cell cell) {
    return OVERHEAD_BYTES + key.length() + (cell.entry() == null ? 0 : cell.entry().size());
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
    var now = time.millis();
    var cell = cells.get(path(request.keyspace(), key));
    var entry = cell == null ? null : cell.alive(now);
    if (entry == null && !request.lease().isZero()) {
      return lease(request, key, now);
    }
    return outcome(entry, Lease.NONE);
  }

  /** Grants the lease if the key is still missing and nobody has it. */
  private ReadOutcome lease(ReadRequest request, String key, long now) {
    var token = tokens.incrementAndGet();
    var after =
        cells.compute(
            path(request.keyspace(), key),
            (path, cell) -> {
              if (cell == null) {
                return new Cell(null, token, now + request.lease().toMillis());
              }
              return cell.alive(now) != null || cell.isLeasedAt(now)
                  ? cell
                  : new Cell(cell.entry(), token, now + request.lease().toMillis());
            });
    var lease =
        after.token() == token
            ? new Lease(token, request.lease().toMillis())
            : Lease.heldElsewhere(Math.max(0, after.leasedUntil() - now));
    return outcome(after.alive(now), lease);
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
    var outcomes =
        request.mutations().stream().map(mutation -> write(request.keyspace(), mutation)).toList();
    return CompletableFuture.completedFuture(new WriteResult(outcomes));
  }

  private WriteOutcome write(String keyspace, Mutation mutation) {
    var path = path(keyspace, mutation.key());
    var outcome = new WriteOutcome[1];
    cells.compute(
        path,
        (same, cell) -> {
          var before = cell == null ? new Cell(null, 0, 0) : cell;
          var after = applied(mutation, before);
          if (after == null) {
            outcome[0] = new WriteOutcome.Rejected(before.version());
            return cell;
          }
          var grown = sizeOf(path, after) - (cell == null ? 0 : sizeOf(path, cell));
          if (grown > 0 && bytes.get() + grown > maxBytes) {
            outcome[0] = new WriteOutcome.Failed(full());
            return cell;
          }
          bytes.addAndGet(grown);
          outcome[0] = new WriteOutcome.Stored(after.version());
          return after.entry() == null && after.leasedUntil() == 0 ? null : after;
        });
    return outcome[0];
  }

  /** What a mutation makes of a cell, null if its condition does not hold. */
  private @Nullable Cell applied(Mutation mutation, Cell cell) {
    var now = time.millis();
    if (mutation instanceof Mutation.Put put) {
      return holds(put.condition(), put.entry(), cell, now) ? new Cell(put.entry(), 0, 0) : null;
    }
    if (mutation instanceof Mutation.Fill fill) {
      var leased = cell.isLeasedAt(now) && cell.token() == fill.condition().token();
      return leased && cell.version() <= fill.entry().version() ? new Cell(fill.entry(), 0, 0) : null;
    }
    var holdOff = ((Mutation.Forget) mutation).holdOff();
    return new Cell(null, 0, holdOff.isZero() ? 0 : now + holdOff.toMillis());
  }

  private static boolean holds(Condition condition, EncodedEntry entry, Cell cell, long now) {
    var alive = cell.alive(now);
    var hasValue = alive != null && !alive.isTombstone();
    if (condition instanceof Condition.IfAbsent) {
      return !hasValue && (cell.entry() == null || entry.version() > cell.version());
    }
    if (condition instanceof Condition.IfVersion exact) {
      return hasValue && cell.version() == exact.version();
    }
    if (condition instanceof Condition.IfNewer) {
      return cell.entry() == null || entry.version() > cell.version();
    }
    return true;
  }

  @Override
  public void close() {
    open = false;
    cells.clear();
  }

  private static long sizeOf(String path, Cell cell) {
    return cell.entry() == null ? 0 : weight(path, cell);
  }

  private static String path(String keyspace, String key) {
    return keyspace + ':' + key;
  }

  private Overloaded full() {
    return new Overloaded(
        "bytes: " + bytes.get() + " (expected: at most " + maxBytes + ")", Where.at(name, ""), null);
  }

  private Unavailable closed() {
    return new Unavailable("backend: closed (expected: open)", Where.at(name, ""), null);
  }
}
