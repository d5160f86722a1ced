package dev.tiercel;

import dev.tiercel.error.Conflict;
import dev.tiercel.error.ServingException;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A named, typed collection of online data behind its tiers: in this process, shared, and the
 * source of record.
 *
 * <p>Every call ends, with a value or a {@link ServingException}, within its deadline plus 10 ms. A
 * bad argument is refused with {@link dev.tiercel.error.InvalidRequest} before any I/O. A local hit
 * of {@code get} allocates nothing. Methods block their thread, which may be a virtual one; an
 * interrupt ends the wait with {@link dev.tiercel.error.Unavailable} (a read) or
 * {@link dev.tiercel.error.OutcomeUnknown} (a write) and leaves the thread's interrupt status set.
 *
 * <p>Values are shared with other readers of the process and must not be changed. Thread-safe.
 *
 * @param <K> the type of key, with value equality
 * @param <V> the type of value, treated as immutable
 */
public interface Keyspace<K, V> {

  /** The keyspace's name. */
  String name();

  /**
   * Reads the value of a key.
   *
   * @param key the key, not null
   * @return its value, null if it has none
   * @throws ServingException if it could not be done
   */
  @Nullable
  V get(K key);

  /**
   * Reads the value of a key.
   *
   * @param key the key, not null
   * @param options how this call differs from the keyspace's defaults
   * @return its value, null if it has none
   * @throws ServingException if it could not be done
   */
  @Nullable
  V get(K key, ReadOptions options);

  /**
   * Reads the value of a key with its version, age and origin.
   *
   * @param key the key, not null
   * @return its entry, null if it has none
   * @throws ServingException if it could not be done
   */
  @Nullable
  Entry<V> getEntry(K key);

  /**
   * Reads the value of a key with its version, age and origin.
   *
   * @param key the key, not null
   * @param options how this call differs from the keyspace's defaults
   * @return its entry, null if it has none
   * @throws ServingException if it could not be done
   */
  @Nullable
  Entry<V> getEntry(K key, ReadOptions options);

  /**
   * Reads many keys. One key that cannot be read does not fail the others; nothing is asked twice.
   *
   * @param keys the keys, none null; duplicates count once
   * @return for each key, once, what was found
   * @throws ServingException if the call as a whole was refused
   */
  BatchResult<K, V> getAll(Collection<? extends K> keys);

  /**
   * Reads many keys. One key that cannot be read does not fail the others; nothing is asked twice.
   *
   * @param keys the keys, none null; duplicates count once
   * @param options how this call differs from the keyspace's defaults
   * @return for each key, once, what was found
   * @throws ServingException if the call as a whole was refused
   */
  BatchResult<K, V> getAll(Collection<? extends K> keys, ReadOptions options);

  /**
   * Writes a value. It is acknowledged by the source of record when this returns, and then seen by
   * every later read of this process.
   *
   * @param key the key, not null
   * @param value the value, not null
   * @return the version it was given; 0 if the source keeps none
   * @throws ServingException if it could not be done
   */
  long put(K key, V value);

  /**
   * Writes a value. It is acknowledged by the source of record when this returns, and then seen by
   * every later read of this process. Throws {@link Conflict} if the options' condition does not
   * hold.
   *
   * @param key the key, not null
   * @param value the value, not null
   * @param options how this call differs from the keyspace's defaults
   * @return the version it was given; 0 if the source keeps none
   * @throws ServingException if it could not be done
   */
  long put(K key, V value, WriteOptions options);

  /**
   * Writes many values, each by itself.
   *
   * @param values the values by key, none null
   * @return for each key what became of it
   * @throws ServingException if the call as a whole was refused
   */
  BatchWriteResult<K> putAll(Map<? extends K, ? extends V> values);

  /**
   * Writes many values, each by itself.
   *
   * @param values the values by key, none null
   * @param options how this call differs from the keyspace's defaults
   * @return for each key what became of it
   * @throws ServingException if the call as a whole was refused
   */
  BatchWriteResult<K> putAll(Map<? extends K, ? extends V> values, WriteOptions options);

  /**
   * Writes a value if the key has none.
   *
   * @param key the key, not null
   * @param value the value, not null
   * @return the version it was given; 0 if the source keeps none
   * @throws Conflict if the key has a value
   * @throws ServingException if it could not be done
   */
  long putIfAbsent(K key, V value);

  /**
   * Writes a value if the key has none. The operation's own condition stands in place of the
   * options'.
   *
   * @param key the key, not null
   * @param value the value, not null
   * @param options how this call differs from the keyspace's defaults
   * @return the version it was given; 0 if the source keeps none
   * @throws Conflict if the key has a value
   * @throws ServingException if it could not be done
   */
  long putIfAbsent(K key, V value, WriteOptions options);

  /**
   * Writes a value over one of an exact version: compare and set.
   *
   * @param key the key, not null
   * @param value the value, not null
   * @param expectedVersion the version the key must have
   * @return the version it was given
   * @throws Conflict if the key has no value or one of another version
   * @throws ServingException if it could not be done
   */
  long replace(K key, V value, long expectedVersion);

  /**
   * Writes a value over one of an exact version: compare and set. The operation's own condition
   * stands in place of the options'.
   *
   * @param key the key, not null
   * @param value the value, not null
   * @param expectedVersion the version the key must have
   * @param options how this call differs from the keyspace's defaults
   * @return the version it was given
   * @throws Conflict if the key has no value or one of another version
   * @throws ServingException if it could not be done
   */
  long replace(K key, V value, long expectedVersion, WriteOptions options);

  /**
   * Reads the latest value from the source of record, changes it and writes it back if nobody else
   * did in the meantime; starts over if somebody did, until the deadline.
   *
   * @param key the key, not null
   * @param change from the present value, null if there is none, to the new one; called once per
   *     try, must not change its argument and must not return null
   * @return the entry that was written
   * @throws ServingException if it could not be done
   */
  Entry<V> update(K key, Function<@Nullable V, V> change);

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
   * @throws ServingException if it could not be done
   */
  Entry<V> update(K key, Function<@Nullable V, V> change, WriteOptions options);

  /**
   * Deletes a key. A key that has no value may be removed too.
   *
   * @param key the key, not null
   * @return the version of the deletion; 0 if the source keeps none
   * @throws ServingException if it could not be done
   */
  long remove(K key);

  /**
   * Deletes a key. A key that has no value may be removed too. Throws {@link Conflict} if the
   * options' condition does not hold.
   *
   * @param key the key, not null
   * @param options how this call differs from the keyspace's defaults
   * @return the version of the deletion; 0 if the source keeps none
   * @throws ServingException if it could not be done
   */
  long remove(K key, WriteOptions options);

  /**
   * Deletes many keys, each by itself.
   *
   * @param keys the keys, none null; duplicates count once
   * @return for each key what became of it
   * @throws ServingException if the call as a whole was refused
   */
  BatchWriteResult<K> removeAll(Collection<? extends K> keys);

  /**
   * Deletes many keys, each by itself.
   *
   * @param keys the keys, none null; duplicates count once
   * @param options how this call differs from the keyspace's defaults
   * @return for each key what became of it
   * @throws ServingException if the call as a whole was refused
   */
  BatchWriteResult<K> removeAll(Collection<? extends K> keys, WriteOptions options);

  /**
   * Makes every cached copy of a key stale: the next read asks the source of record. The value
   * itself stays; see {@link #remove}.
   *
   * @param key the key, not null
   * @throws ServingException if it could not be done
   */
  void expire(K key);

  /**
   * Expires every key of a group at once: no cached copy that was loaded before is served any more,
   * by any process whose feed is connected; by the others until they are told, and never past
   * {@code maxStaleness}. Takes the same time however large the group is. The values themselves
   * stay.
   *
   * <p>If it is not known whether it was done, this process serves nothing it has in memory.
   *
   * @param group the name of a group, as {@link KeyspaceSpec.Builder#groups} gives it; not empty,
   *     up to 256 characters
   * @throws ServingException if it could not be done
   */
  void expireGroup(String group);

  /**
   * Expires every key of the keyspace at once, see {@link #expireGroup}.
   *
   * @throws ServingException if it could not be done
   */
  void expireAll();

  /** The same collection without blocking. */
  AsyncKeyspace<K, V> async();
}
