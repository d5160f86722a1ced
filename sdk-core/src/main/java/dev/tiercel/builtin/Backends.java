package dev.tiercel.builtin;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tiercel.backend.Backend;
import dev.tiercel.codec.Codec;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.time.Time;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** Makes the backends that come with the SDK. */
public final class Backends {

  private Backends() {}

  /**
   * A store in this process's memory, with versions, conditions and leases: a source of record for
   * tests and for data that may be lost. When it is full it drops what has expired, and then
   * refuses new data with {@link dev.tiercel.error.Overloaded} (and grants no new leases) rather
   * than lose old.
   *
   * @param maxBytes the most it holds: keys, values and a fixed overhead per entry
   * @param time the clock that entries and leases expire by
   */
  public static Backend inMemoryStore(long maxBytes, Time time) {
    return new InMemoryBackend("memory", new ConcurrentHashMap<>(), maxBytes, time, false);
  }

  /**
   * A cache in this process's memory, with versions, conditions, leases, groups and a feed: a
   * remote tier for tests and for a single process. When it is full it evicts. Its feed tells of a
   * change before the write that made it returns, unless another thread is telling at that moment.
   *
   * @param maxBytes the most it holds: keys, values and a fixed overhead per entry
   * @param time the clock that entries and leases expire by
   */
  public static Backend inMemoryCache(long maxBytes, Time time) {
    var cells = Caffeine.newBuilder()
        .maximumWeight(maxBytes)
        .weigher(InMemoryBackend::weight)
        .executor(Runnable::run)
        .<InMemoryBackend.Path, Cell>build();
    return new InMemoryBackend("memory-cache", cells.asMap(), Long.MAX_VALUE, time, true);
  }

  /**
   * A source of record around a function that blocks: any RPC or SQL query by keys. Keys missing
   * from its answer are absent; what it throws fails the keys it was asked for, and so does null in
   * place of an answer.
   *
   * @param keys how keys are written
   * @param codec how values are written
   * @param load from keys, at least one and distinct, to the values of those that have one; called
   *     on {@code executor}
   * @param executor runs the function; it should refuse rather than queue without bound, and a
   *     refusal fails the keys with {@link dev.tiercel.error.Overloaded}
   */
  public static <K, V> LoadingBackend<K, V> loading(
      KeyFormat<K> keys, Codec<V> codec, Function<List<K>, Map<K, V>> load, Executor executor) {
    return new LoadingBackend<>(
        keys,
        codec,
        (asked, deadline) -> BlockingCalls.run(() -> load.apply(asked), executor, deadline));
  }

  /**
   * A source of record around a function that does not block.
   *
   * @param keys how keys are written
   * @param codec how values are written
   * @param load from keys, at least one and distinct, to a stage with the values of those that have
   *     one; a stage that is a {@link CompletableFuture} is cancelled when nobody waits any more
   */
  public static <K, V> LoadingBackend<K, V> loadingAsync(
      KeyFormat<K> keys, Codec<V> codec, Function<List<K>, CompletionStage<Map<K, V>>> load) {
    return new LoadingBackend<>(
        keys, codec, (asked, deadline) -> load.apply(asked).toCompletableFuture());
  }

  /**
   * The same backend without its writes: each is refused with
   * {@link dev.tiercel.error.InvalidRequest}.
   *
   * @param backend the backend to protect
   */
  public static Backend readOnly(Backend backend) {
    return new ReadOnlyBackend(backend);
  }
}
