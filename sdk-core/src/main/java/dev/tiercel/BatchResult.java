package dev.tiercel;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import dev.tiercel.error.ServingException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a batch read found: every key asked for is found, absent or failed, and in exactly one of
 * the three.
 *
 * <p>Immutable; iteration is in the order the keys were asked for.
 *
 * @param found the entries of the keys that have a value
 * @param absent the keys that have none
 * @param failed the keys that could not be read, with the reason
 * @param <K> the type of key
 * @param <V> the type of value
 */
public record BatchResult<K, V>(
    Map<K, Entry<V>> found, Set<K> absent, Map<K, ServingException> failed) {

  /** Copies the parts. */
  public BatchResult {
    found = ImmutableMap.copyOf(found);
    absent = ImmutableSet.copyOf(absent);
    failed = ImmutableMap.copyOf(failed);
  }

  /** The values of the keys that have one. */
  public Map<K, V> values() {
    return Maps.transformValues(found, Entry::value);
  }

  /**
   * The value of one of the keys.
   *
   * @param key a key of the batch
   * @return its value, null if it has none
   * @throws ServingException if the key could not be read
   * @throws IllegalArgumentException if the key was not in the batch
   */
  public @Nullable V get(K key) {
    var entry = found.get(key);
    if (entry != null) {
      return entry.value();
    }
    var failure = failed.get(key);
    if (failure != null) {
      throw failure.at(failure.where());
    }
    if (!absent.contains(key)) {
      throw new IllegalArgumentException(
          "key: not in the batch (expected: a key that was asked for)");
    }
    return null;
  }

  /** Whether no key failed. */
  public boolean isComplete() {
    return failed.isEmpty();
  }
}
