package dev.tiercel;

import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.Completions;
import dev.tiercel.error.ServingException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A keyspace whose futures complete on an executor, so that no dependent of a caller's runs on an
 * I/O or timer thread.
 */
final class ExecutorKeyspace<K, V> implements AsyncKeyspace<K, V> {

  private final CoreKeyspace<K, V> core;
  private final Executor executor;

  ExecutorKeyspace(CoreKeyspace<K, V> core, Executor executor) {
    this.core = core;
    this.executor = executor;
  }

  @Override
  public String name() {
    return core.spec.name();
  }

  @Override
  public CompletableFuture<@Nullable V> get(K key) {
    return get(key, ReadOptions.defaults());
  }

  @Override
  public CompletableFuture<@Nullable V> get(K key, ReadOptions options) {
    return publish(() -> core.read(key, options), known -> known.value());
  }

  @Override
  public CompletableFuture<@Nullable Entry<V>> getEntry(K key) {
    return getEntry(key, ReadOptions.defaults());
  }

  @Override
  public CompletableFuture<@Nullable Entry<V>> getEntry(K key, ReadOptions options) {
    return publish(() -> core.read(key, options), core::entry);
  }

  @Override
  public CompletableFuture<BatchResult<K, V>> getAll(Collection<? extends K> keys) {
    return getAll(keys, ReadOptions.defaults());
  }

  @Override
  public CompletableFuture<BatchResult<K, V>> getAll(
      Collection<? extends K> keys, ReadOptions options) {
    return publish(() -> core.readAll(keys, options), result -> result);
  }

  @Override
  public CompletableFuture<Long> put(K key, V value) {
    return put(key, value, WriteOptions.defaults());
  }

  @Override
  public CompletableFuture<Long> put(K key, V value, WriteOptions options) {
    return publish(() -> core.put(key, value, options), version -> version);
  }

  @Override
  public CompletableFuture<BatchWriteResult<K>> putAll(Map<? extends K, ? extends V> values) {
    return putAll(values, WriteOptions.defaults());
  }

  @Override
  public CompletableFuture<BatchWriteResult<K>> putAll(
      Map<? extends K, ? extends V> values, WriteOptions options) {
    return publish(() -> core.putAll(values, options), result -> result);
  }

  @Override
  public CompletableFuture<Long> putIfAbsent(K key, V value) {
    return putIfAbsent(key, value, WriteOptions.defaults());
  }

  @Override
  public CompletableFuture<Long> putIfAbsent(K key, V value, WriteOptions options) {
    return put(key, value, options.ifAbsent());
  }

  @Override
  public CompletableFuture<Long> replace(K key, V value, long expectedVersion) {
    return replace(key, value, expectedVersion, WriteOptions.defaults());
  }

  @Override
  public CompletableFuture<Long> replace(
      K key, V value, long expectedVersion, WriteOptions options) {
    return publish(() -> core.replace(key, value, expectedVersion, options), version -> version);
  }

  @Override
  public CompletableFuture<Entry<V>> update(K key, Function<@Nullable V, V> change) {
    return update(key, change, WriteOptions.defaults());
  }

  @Override
  public CompletableFuture<Entry<V>> update(
      K key, Function<@Nullable V, V> change, WriteOptions options) {
    return publish(() -> core.update(key, change, options), entry -> entry);
  }

  @Override
  public CompletableFuture<Long> remove(K key) {
    return remove(key, WriteOptions.defaults());
  }

  @Override
  public CompletableFuture<Long> remove(K key, WriteOptions options) {
    return publish(() -> core.remove(key, options), version -> version);
  }

  @Override
  public CompletableFuture<BatchWriteResult<K>> removeAll(Collection<? extends K> keys) {
    return removeAll(keys, WriteOptions.defaults());
  }

  @Override
  public CompletableFuture<BatchWriteResult<K>> removeAll(
      Collection<? extends K> keys, WriteOptions options) {
    return publish(() -> core.removeAll(keys, options), result -> result);
  }

  @Override
  public CompletableFuture<@Nullable Void> expire(K key) {
    return publish(() -> core.expire(key), done -> null);
  }

  @Override
  public CompletableFuture<@Nullable Void> expireGroup(String group) {
    return publish(() -> core.expireGroup(core.group(group)), done -> null);
  }

  @Override
  public CompletableFuture<@Nullable Void> expireAll() {
    return publish(() -> core.expireGroup(Barriers.ALL), done -> null);
  }

  /**
   * Hands a call's end over to the executor, a failure too, unless it has ended already; a cancel
   * goes the other way. What is refused before it begins is a failed future like any other failure.
   */
  private <T extends @Nullable Object, R extends @Nullable Object> CompletableFuture<R> publish(
      Supplier<CompletableFuture<T>> begin, Function<T, R> result) {
    CompletableFuture<T> call;
    try {
      call = begin.get();
    } catch (ServingException refused) {
      return CompletableFuture.failedFuture(refused);
    }
    var published = new CompletableFuture<R>();
    if (call.isDone()) {
      Completions.onEnd(call, (value, failure) -> end(published, call, result));
    } else {
      Completions.onEnd(call, (value, failure) -> handOver(() -> end(published, call, result)));
      Completions.passCancel(published, call);
    }
    return published;
  }

  /**
   * An executor that refuses must not turn an answer into a failure: then the dependents run here.
   */
  private void handOver(Runnable end) {
    try {
      executor.execute(end);
    } catch (RejectedExecutionException refused) {
      end.run();
    }
  }

  private static <T extends @Nullable Object, R extends @Nullable Object> void end(
      CompletableFuture<R> published, CompletableFuture<T> call, Function<T, R> result) {
    try {
      published.complete(result.apply(call.join()));
    } catch (CompletionException | CancellationException failed) {
      published.completeExceptionally(Calls.unwrapped(failed));
    }
  }
}
