package dev.tiercel;

import dev.tiercel.backend.Barriers;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A keyspace whose calls wait. They hold no lock while they do, so a virtual thread lets go of its
 * carrier.
 */
final class BlockingKeyspace<K, V> implements Keyspace<K, V> {

  private final CoreKeyspace<K, V> core;
  private final AsyncKeyspace<K, V> async;

  BlockingKeyspace(CoreKeyspace<K, V> core, AsyncKeyspace<K, V> async) {
    this.core = core;
    this.async = async;
  }

  @Override
  public String name() {
    return core.spec.name();
  }

  @Override
  public @Nullable V get(K key) {
    var hit = core.hit(key);
    return hit != null
        ? hit.value()
        : read(core.read(key, ReadOptions.defaults())).value();
  }

  @Override
  public @Nullable V get(K key, ReadOptions options) {
    var hit = core.hit(key, options);
    return hit != null ? hit.value() : read(core.read(key, options)).value();
  }

  @Override
  public @Nullable Entry<V> getEntry(K key) {
    return getEntry(key, ReadOptions.defaults());
  }

  @Override
  public @Nullable Entry<V> getEntry(K key, ReadOptions options) {
    return core.entry(read(core.read(key, options)));
  }

  @Override
  public BatchResult<K, V> getAll(Collection<? extends K> keys) {
    return getAll(keys, ReadOptions.defaults());
  }

  @Override
  public BatchResult<K, V> getAll(Collection<? extends K> keys, ReadOptions options) {
    return read(core.readAll(keys, options));
  }

  @Override
  public long put(K key, V value) {
    return put(key, value, WriteOptions.defaults());
  }

  @Override
  public long put(K key, V value, WriteOptions options) {
    return write(core.put(key, value, options));
  }

  @Override
  public BatchWriteResult<K> putAll(Map<? extends K, ? extends V> values) {
    return putAll(values, WriteOptions.defaults());
  }

  @Override
  public BatchWriteResult<K> putAll(Map<? extends K, ? extends V> values, WriteOptions options) {
    return write(core.putAll(values, options));
  }

  @Override
  public long putIfAbsent(K key, V value) {
    return putIfAbsent(key, value, WriteOptions.defaults());
  }

  @Override
  public long putIfAbsent(K key, V value, WriteOptions options) {
    return write(core.put(key, value, options.ifAbsent()));
  }

  @Override
  public long replace(K key, V value, long expectedVersion) {
    return replace(key, value, expectedVersion, WriteOptions.defaults());
  }

  @Override
  public long replace(K key, V value, long expectedVersion, WriteOptions options) {
    return write(core.replace(key, value, expectedVersion, options));
  }

  @Override
  public Entry<V> update(K key, Function<@Nullable V, V> change) {
    return update(key, change, WriteOptions.defaults());
  }

  @Override
  public Entry<V> update(K key, Function<@Nullable V, V> change, WriteOptions options) {
    return write(core.update(key, change, options));
  }

  @Override
  public long remove(K key) {
    return remove(key, WriteOptions.defaults());
  }

  @Override
  public long remove(K key, WriteOptions options) {
    return write(core.remove(key, options));
  }

  @Override
  public BatchWriteResult<K> removeAll(Collection<? extends K> keys) {
    return removeAll(keys, WriteOptions.defaults());
  }

  @Override
  public BatchWriteResult<K> removeAll(Collection<? extends K> keys, WriteOptions options) {
    return write(core.removeAll(keys, options));
  }

  @Override
  public void expire(K key) {
    read(core.expire(key));
  }

  @Override
  public void expireGroup(String group) {
    write(core.expireGroup(core.group(group)));
  }

  @Override
  public void expireAll() {
    write(core.expireGroup(Barriers.ALL));
  }

  @Override
  public AsyncKeyspace<K, V> async() {
    return async;
  }

  private <T extends @Nullable Object> T read(CompletableFuture<T> call) {
    try {
      return await(call);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      call.cancel(true);
      throw new Unavailable("call: interrupted (expected: to be waited for)", here(), interrupted);
    }
  }

  private <T extends @Nullable Object> T write(CompletableFuture<T> call) {
    try {
      return await(call);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new OutcomeUnknown(
          "call: interrupted (expected: to be waited for)", here(), interrupted);
    }
  }

  private static <T extends @Nullable Object> T await(CompletableFuture<T> call)
      throws InterruptedException {
    try {
      return call.get();
    } catch (ExecutionException failed) {
      var failure = Calls.unwrapped(failed);
      // The failure may be shared and was made on another thread: the caller gets one with its own
      // stack trace.
      throw failure.at(failure.where());
    } catch (CancellationException cancelled) {
      throw Calls.unwrapped(cancelled);
    }
  }

  private Where here() {
    return Where.NOWHERE.in(name(), Duration.ZERO);
  }
}
