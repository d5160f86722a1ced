package dev.tiercel.codec;

/**
 * Turns values into bytes and back.
 *
 * <p>Implementations are thread-safe, never block, and keep no reference to the arrays they are
 * given or return. Values are treated as immutable: what a reader gets may be shared with every
 * other reader of the process.
 *
 * @param <V> the type of value
 */
public interface Codec<V> {

  /**
   * Which codec this is, written beside the bytes so that another codec's bytes are recognised: 1
   * to 65,535. Up to 999 are Tiercel's own; services choose theirs from 1,000 on.
   */
  int id();

  /**
   * Encodes a value.
   *
   * @param value never null
   * @return a new array, never null
   * @throws RuntimeException if the value cannot be encoded; it reaches the caller as
   *     {@code CodecFailure}
   */
  byte[] encode(V value);

  /**
   * Decodes a value.
   *
   * @param bytes what {@link #encode} once returned, or anything at all; never null
   * @return never null
   * @throws RuntimeException if the bytes are not of this codec: an unreadable entry
   */
  V decode(byte[] bytes);
}
