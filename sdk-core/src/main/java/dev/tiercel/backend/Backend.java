package dev.tiercel.backend;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Anything that can be read and written in bytes: a cache, a database, a function, a region router,
 * a hedge.
 *
 * <p>Implementations are thread-safe and never block the caller. Neither verb throws: a call that
 * cannot be made returns a failed future or, better, {@code Failed} outcomes. A future carries one
 * outcome per key or mutation, in the order of the request; a failure of the whole call may
 * complete it exceptionally with a {@link dev.tiercel.error.ServingException}, which the pipeline
 * turns into one {@code Failed} per key. An error is never reported as {@code Absent}.
 *
 * <p>Cancelling a returned future tells the backend that nobody waits any more; it should stop what
 * it can.
 *
 * <p>A request never exceeds {@link #capabilities()}: the pipeline splits batches, and refuses at
 * assembly what a backend cannot do. Keys within one request are distinct.
 */
public interface Backend extends AutoCloseable {

  /** A short name for errors, metrics and logs, such as {@code redis}. */
  String name();

  /** The region the backend is in, empty if it has none. */
  String region();

  /** What the backend can do; the same answer for its whole life. */
  Capabilities capabilities();

  /**
   * Reads many keys.
   *
   * @param request what to read
   * @param context the call's deadline and attempt; the backend uses what is left as its own
   *     time-out, and names to its {@link Occupancy} what a cancel of the future does not end
   */
  CompletableFuture<ReadResult> read(ReadRequest request, CallContext context);

  /**
   * Applies many mutations, each by itself and atomically.
   *
   * @param request what to write
   * @param context the call's deadline and attempt
   */
  CompletableFuture<WriteResult> write(WriteRequest request, CallContext context);

  /**
   * How the backend tells of changes by itself; empty if it does not. The same answer for its whole
   * life.
   */
  default Optional<Feed> feed() {
    return Optional.empty();
  }

  /**
   * Other endpoints that answer reads of this backend's data; none by default. The same answer for
   * its whole life; they are closed with the backend.
   */
  default List<Replica> replicas() {
    return List.of();
  }

  /**
   * Releases what the backend holds; calls still on their way fail with {@code Unavailable}. May be
   * called twice.
   */
  @Override
  void close();
}
