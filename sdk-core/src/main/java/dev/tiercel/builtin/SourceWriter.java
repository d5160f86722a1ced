package dev.tiercel.builtin;

/**
 * How a function source is written. Both methods may block; both have written when they return.
 * What they throw is reported as {@link dev.tiercel.error.OutcomeUnknown}, unless it is a
 * {@link dev.tiercel.error.ServingException}, which says itself what became of the write.
 *
 * @param <K> the type of key
 * @param <V> the type of value
 */
public interface SourceWriter<K, V> {

  /** Writes a value over whatever is there. */
  void put(K key, V value) throws Exception;

  /** Deletes a key, if it is there. */
  void remove(K key) throws Exception;
}
