package dev.tiercel.tier;

import dev.tiercel.time.Deadline;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The loads on their way, one per key: readers of a missing key join the load that is under way
 * instead of starting another.
 *
 * <p>A load lives as long as somebody waits for it; when the last reader leaves it is cancelled. A
 * write detaches the key's load: those who wait still get its answer, which is as old as their
 * question, and later readers start anew.
 *
 * <p>Lock-free but for the map's own bins; thread-safe.
 *
 * @param <K> the type of key
 * @param <R> what a load finds
 */
public final class InFlightTable<K, R> {

  private final ConcurrentHashMap<K, Load<K, R>> loads = new ConcurrentHashMap<>();

  /** A reader's part in a load. */
  public record Ticket<K, R>(Load<K, R> load, boolean opened) {}

  /** A load on its way. */
  public static final class Load<K, R> {

    private final K key;
    private final long fence;
    private final Deadline deadline;
    private final CompletableFuture<R> result = new CompletableFuture<>();
    private final AtomicInteger readers = new AtomicInteger(1);

    private Load(K key, long fence, Deadline deadline) {
      this.key = key;
      this.fence = fence;
      this.deadline = deadline;
    }

    /** The key being loaded. */
    public K key() {
      return key;
    }

    /** The key's local fence, noted before the load asked anybody. */
    public long fence() {
      return fence;
    }

    /** When the load ends at the latest. */
    public Deadline deadline() {
      return deadline;
    }

    /** What the load finds. Readers must not complete or cancel it: it is shared. */
    public CompletableFuture<R> result() {
      return result;
    }

    /** A load outside the table, which nobody can join. */
    public static <K, R> Load<K, R> alone(K key, long fence, Deadline deadline) {
      return new Load<>(key, fence, deadline);
    }

    private boolean join() {
      return readers.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }
  }

  /** How a key's load is begun. */
  @FunctionalInterface
  public interface Fence<K> {
    /** The key's local fence as it stands. */
    long current(K key);
  }

  /**
   * Joins the load of a key, or opens one that the caller must then start and end with
   * {@link #complete} or {@link #fail}.
   *
   * @param key the key to load
   * @param fence notes the key's fence if a load is opened
   * @param deadline when a load opened here ends at the latest
   */
  public Ticket<K, R> join(K key, Fence<K> fence, Deadline deadline) {
    while (true) {
      var existing = loads.get(key);
      if (existing == null) {
        var opened = new Load<K, R>(key, fence.current(key), deadline);
        if (loads.putIfAbsent(key, opened) == null) {
          return new Ticket<>(opened, true);
        }
      } else if (existing.join()) {
        return new Ticket<>(existing, false);
      } else {
        loads.remove(key, existing);
      }
    }
  }

  /** Ends a load with what it found. */
  public void complete(Load<K, R> load, R found) {
    loads.remove(load.key, load);
    load.result.complete(found);
  }

  /** Ends a load with its failure. */
  public void fail(Load<K, R> load, Throwable failure) {
    loads.remove(load.key, load);
    load.result.completeExceptionally(failure);
  }

  /** One reader leaves; with the last one the load is cancelled. To be called once per ticket. */
  public void leave(Load<K, R> load) {
    if (load.readers.decrementAndGet() == 0) {
      loads.remove(load.key, load);
      load.result.cancel(false);
    }
  }

  /**
   * Lets nobody join the key's present load any more: what it finds may be older than a write just
   * made.
   */
  public void detach(K key) {
    loads.remove(key);
  }

  /** Lets nobody join any present load any more. */
  public void detachAll() {
    loads.clear();
  }

  /** How many keys are being loaded. */
  public int size() {
    return loads.size();
  }
}
