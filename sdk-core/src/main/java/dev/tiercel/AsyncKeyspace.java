package dev.tiercel;

import dev.tiercel.error.Conflict;
import dev.tiercel.error.ServingException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The same collection as its {@link Keyspace}, without blocking.
 *
 * <p>No method throws and none waits: a bad argument is a failed future too. Futures fail with a
 * {@link ServingException} (as the cause where {@link CompletableFuture} wraps it) within the
 * call's deadline plus 10 ms. They complete on the client's executor, so that dependents never run
 * on an I/O thread; a local hit is complete at once. Cancelling a read's future lets go of the
 * load; cancelling a write's future stops nobody but the caller from waiting.
 *
 * <p>Thread-safe.
 *
 * @param <K> the type of key, with value equality
 * @param <V> the type of value, treated as immutable
 */
public interface AsyncKeyspace<K, V> {

  /** The keyspace's name. */
  String name();

  /**
   * Reads the value of a key.
   *
   * @param key the key, not null
   * @return its value, null if it has none
   */
  CompletableFuture<@Nullable V> get(K key);

  /**
   * Reads the value of a key.
   *
   * @param key the key, not null
   * @param options how this call differs from the keyspace's defaults
   * @return its value, null if it has none
   */
  CompletableFuture<@Nullable V> get(K key, ReadOptions options);

  /**
   * Reads the value of a key with its version, age and origin.
   *
   * @param key the key, not null
   * @return its entry, null if it has none
   */
  CompletableFuture<@Nullable Entry<V>> getEntry(K key);

  /**
   * Reads the value of a key with its version, age and origin.
   *
   * @param key the key, not null
   * @param options how this call differs from the keyspace's defaults
   * @return its entry, null if it has none
   */
  CompletableFuture<@Nullable Entry<V>> getEntry(K key, ReadOptions options);

  /**
   * Reads many keys. One key that cannot be read does not fail the others; nothing is asked twice.
   *
   * @param keys the keys, none null; duplicates count once
   * @return for each key, once, what was found
   */
  CompletableFuture<BatchResult<K, V>> getAll(Collection<? extends K> keys);

  /**
   * Reads many keys. One key that cannot be read does not fail the others; nothing is asked twice.
   *
   * @param keys the keys, none null; duplicates count once
   * @param options how this call differs from the keyspace's defaults
   * @return for each key, once, what was found
   */
  CompletableFuture<BatchResult<K, V>> getAll(Collection<? extends K> keys, ReadOptions options);

  /**
   * Writes a value. It is acknowledged by the source of record when this returns, and then seen by
   * every later read of this process.
   *
   * @param key the key, not null
   * @param value the value, not null
   * @return the version it was given; 0 if the source keeps none
   */
  CompletableFuture<Long> put(K key, V value);

  /**
   * Writes a value. It is acknowledged by the source of record when this returns, and then seen by
   * every later read of this process. The future fails with {@link Conflict} if the options'
   * condition does not hold.
   *
   * @param key the key, not null
   * @param value the value, not null
   * @param options how this call differs from the keyspace's defaults
   * @return the version it was given; 0 if the source keeps none
   */
  CompletableFuture<Long> put(K key, V value, WriteOptions options);

  /**
   * Writes many values, each by itself.
   *
   * @param values the values by key, none null
   * @return for each key what became of it
   */
  CompletableFuture<BatchWriteResult<K>> putAll(Map<? extends K, ? extends V> values);

  /**
   * Writes many values, each by itself.
   *
   * @param values the values by key, none null
   * @param options how this call differs from the keyspace's defaults
   * @return for each key what became of it
   */
  CompletableFuture<BatchWriteResult<K>> putAll(
      Map<? extends K, ? extends V> values, WriteOptions options);

  /**
   * Writes a value if the key has none. The future fails with {@link Conflict} if the key has a
   * value.
   *
   * @param key the key, not null
   * @param value the value, not null
   * @return the version it was given; 0 if the source keeps none
   */
  CompletableFuture<Long> putIfAbsent(K key, V value);

  /**
   * Writes a value if the key has none. The future fails with {@link Conflict} if the key has a
   * value. The operation's own condition stands in place of the options'.
   *
   * @param key the key, not null
   * @param value the value, not null
   * @param options how this call differs from the keyspace's defaults
   * @return the version it was given; 0 if the source keeps none
   */
  CompletableFuture<Long> putIfAbsent(K key, V value, WriteOptions options);

  /**
   * Writes a value over one of an exact version: compare and set. The future fails with
   * {@link Conflict} if the key has no value or one of another version.
   *
   * @param key the key, not null
   * @param value the value, not null
   * @param expectedVersion the version the key must have
   * @return the version it was given
   */
  CompletableFuture<Long> replace(K key, V value, long expectedVersion);

  /**
   * Writes a value over one of an exact version: compare and set. The future fails with
   * {@link Conflict} if the key has no value or one of another version. The operation's own
   * condition stands in place of the options'.
   *
   * @param key the key, not null
   * @param value the value, not null
   * @param expectedVersion the version the key must have
   * @param options how this call differs from the keyspace's defaults
   * @return the version it was given
   */
  CompletableFuture<Long> replace(K key, V value, long expectedVersion, WriteOptions options);

  /**
   * Reads the latest value from the source of record, changes it and writes it back if nobody else
   * did in the meantime; starts over if somebody did, until the deadline.
   *
   * @param key the key, not null
   * @param change from the present value, null if there is none, to the new one; called once per
   *     try, must not change its argument and must not return null
   * @return the entry that was written
   */
  CompletableFuture<Entry<V>> update(K key, Function<@Nullable V, V> change);

  /**
   * Reads the latest value from the source of record, changes it and writes it back if nobody else
   * did in the meantime; starts over if somebody did, until the deadline. The operation's own
   * condition stands in place of the options'.
   *
   * @param key the key, not null
   * @param change from the present value, null if there is none, to the new one; called once per
   *     try, must not change its argument and must not return null
   * @param options how this call differs from the keyspace's defaults
   * @return the entry that was written
   */
  CompletableFuture<Entry<V>> update(K key, Function<@Nullable V, V> change, WriteOptions options);

  /**
   * Deletes a key. A key that has no value may be removed too.
   *
   * @param key the key, not null
   * @return the version of the deletion; 0 if the source keeps none
   */
  CompletableFuture<Long> remove(K key);

  /**
   * Deletes a key. A key that has no value may be removed too. The future fails with
   * {@link Conflict} if the options' condition does not hold.
   *
   * @param key the key, not null
   * @param options how this call differs from the keyspace's defaults
   * @return the version of the deletion; 0 if the source keeps none
   */
  CompletableFuture<Long> remove(K key, WriteOptions options);

  /**
   * Deletes many keys, each by itself.
   *
   * @param keys the keys, none null; duplicates count once
   * @return for each key what became of it
   */
  CompletableFuture<BatchWriteResult<K>> removeAll(Collection<? extends K> keys);

  /**
   * Deletes many keys, each by itself.
   *
   * @param keys the keys, none null; duplicates count once
   * @param options how this call differs from the keyspace's defaults
   * @return for each key what became of it
   */
  CompletableFuture<BatchWriteResult<K>> removeAll(
      Collection<? extends K> keys, WriteOptions options);

  /**
   * Makes every cached copy of a key stale: the next read asks the source of record. The value
   * itself stays; see {@link #remove}.
   *
   * @param key the key, not null
   */
  CompletableFuture<@Nullable Void> expire(K key);

  /** See {@link Keyspace#expireGroup}. */
  CompletableFuture<@Nullable Void> expireGroup(String group);

  /** See {@link Keyspace#expireAll}. */
  CompletableFuture<@Nullable Void> expireAll();
}
