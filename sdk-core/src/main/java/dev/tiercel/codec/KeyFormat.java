package dev.tiercel.codec;

import java.util.UUID;
import java.util.function.Function;

/**
 * How keys are written: every key has one text, and different keys have different texts.
 *
 * <p>Implementations are thread-safe. Key types have value equality.
 *
 * @param <K> the type of key
 */
public interface KeyFormat<K> {

  /**
   * The key's text.
   *
   * @param key never null
   * @return not empty
   */
  String format(K key);

  /**
   * The key of a text.
   *
   * @param text what {@link #format} once returned
   * @throws RuntimeException if it is not the text of a key
   */
  K parse(String text);

  /** Strings as they are. */
  static KeyFormat<String> string() {
    return of(Function.identity(), Function.identity());
  }

  /** Whole numbers in decimal. */
  static KeyFormat<Long> longs() {
    return of(key -> Long.toString(key), Long::valueOf);
  }

  /** UUIDs in their usual form. */
  static KeyFormat<UUID> uuid() {
    return of(UUID::toString, UUID::fromString);
  }

  /**
   * A format of two functions.
   *
   * @param format writes a key
   * @param parse reads it back
   */
  static <K> KeyFormat<K> of(
      Function<? super K, String> format, Function<String, ? extends K> parse) {
    return new KeyFormat<>() {
      @Override
      public String format(K key) {
        return format.apply(key);
      }

      @Override
      public K parse(String text) {
        return parse.apply(text);
      }
    };
  }
}
