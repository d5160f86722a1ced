package dev.tiercel.codec;

import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.error.CodecFailure;
import dev.tiercel.error.InvalidRequest;
import dev.tiercel.error.Where;
import org.jspecify.annotations.Nullable;

/**
 * How the values of a keyspace are written: a codec and the largest value.
 *
 * <p>Thread-safe.
 *
 * @param codec turns values into bytes
 * @param maxValueBytes the largest encoded value, in bytes
 * @param <V> the type of value
 */
public record ValueFormat<V>(Codec<V> codec, int maxValueBytes) {

  /**
   * Encodes a value.
   *
   * @throws CodecFailure if the codec refuses the value
   * @throws InvalidRequest if the encoded value is too large
   */
  public EncodedEntry encode(
      V value, long version, long createdAtMillis, long softExpiryMillis, long expiryMillis) {
    var payload = bytes(value);
    if (payload.length > maxValueBytes) {
      throw new InvalidRequest(
          "value: " + payload.length + " bytes (expected: at most " + maxValueBytes + ")",
          Where.NOWHERE,
          null);
    }
    return new EncodedEntry(
        payload, codec.id(), 0, version, createdAtMillis, softExpiryMillis, expiryMillis);
  }

  /**
   * Decodes a value.
   *
   * @param entry an uncompressed entry that is no tombstone; codec id 0 means that its backend does
   *     not keep it
   * @throws CodecFailure if the bytes are another codec's, or the codec refuses them
   */
  public V decode(EncodedEntry entry) {
    if (entry.codecId() != 0 && entry.codecId() != codec.id()) {
      throw failure("codec: " + entry.codecId() + " (expected: " + codec.id() + ")", null);
    }
    var payload = entry.payload();
    if (payload == null) {
      throw failure("value: a tombstone (expected: bytes)", null);
    }
    try {
      return checked(codec.decode(payload));
    } catch (RuntimeException | Error thrown) {
      // Errors too: damaged bytes may ask for more stack or heap than there is.
      throw failure("codec: " + codec.id() + " cannot decode the value", thrown);
    }
  }

  private byte[] bytes(V value) {
    try {
      return checked(codec.encode(value));
    } catch (RuntimeException | Error thrown) {
      throw failure("codec: " + codec.id() + " cannot encode the value", thrown);
    }
  }

  private static <T> T checked(@Nullable T result) {
    if (result == null) {
      throw new IllegalStateException("codec: returned null (expected: not null)");
    }
    return result;
  }

  private static CodecFailure failure(String what, @Nullable Throwable cause) {
    return new CodecFailure(what, Where.NOWHERE, cause);
  }
}
