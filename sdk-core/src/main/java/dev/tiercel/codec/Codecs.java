package dev.tiercel.codec;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * The codecs that need no library. JSON is in {@link JsonCodec}, Protocol Buffers in
 * {@link ProtobufCodec}.
 *
 * <p>All are stateless and thread-safe. Arrays among the values are shared like every value:
 * whoever is given one must not change it.
 */
public final class Codecs {

  private static final Codec<byte[]> BYTES = of(1, byte[]::clone, byte[]::clone);
  private static final Codec<String> UTF8 = of(2, Codecs::encodeText, Codecs::decodeText);
  private static final Codec<Long> LONGS =
      of(3, value -> eight().putLong(value).array(), bytes -> eight(bytes).getLong());
  private static final Codec<Double> DOUBLES =
      of(4, value -> eight().putDouble(value).array(), bytes -> eight(bytes).getDouble());
  private static final Codec<float[]> FLOATS = of(5, Codecs::encodeFloats, Codecs::decodeFloats);

  private Codecs() {}

  /** Bytes as they are, copied both ways. */
  public static Codec<byte[]> bytes() {
    return BYTES;
  }

  /** Text in UTF-8; text with unpaired surrogates and bytes that are not UTF-8 are refused. */
  public static Codec<String> utf8() {
    return UTF8;
  }

  /** Whole numbers in eight bytes, big-endian. */
  public static Codec<Long> longs() {
    return LONGS;
  }

  /** Floating-point numbers in eight bytes, big-endian, bit by bit. */
  public static Codec<Double> doubles() {
    return DOUBLES;
  }

  /** Vectors (features, embeddings): four bytes a number, big-endian, bit by bit. */
  public static Codec<float[]> floats() {
    return FLOATS;
  }

  /**
   * A codec of two functions.
   *
   * @param id 1 to 65,535; a service's own from 1,000 on
   * @param encode writes a value, or throws
   * @param decode reads it back, or throws
   */
  public static <V> Codec<V> of(
      int id, Function<? super V, byte[]> encode, Function<byte[], ? extends V> decode) {
    if (id < 1 || id > 0xFFFF) {
      throw new IllegalArgumentException("id: " + id + " (expected: 1 to 65535)");
    }
    return new Codec<>() {
      @Override
      public int id() {
        return id;
      }

      @Override
      public byte[] encode(V value) {
        return encode.apply(value);
      }

      @Override
      public V decode(byte[] bytes) {
        return decode.apply(bytes);
      }
    };
  }

  private static ByteBuffer eight() {
    return ByteBuffer.allocate(Long.BYTES);
  }

  private static ByteBuffer eight(byte[] bytes) {
    requireLength(bytes, bytes.length == Long.BYTES, "8");
    return ByteBuffer.wrap(bytes);
  }

  private static byte[] encodeText(String text) {
    try {
      var bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      var exact = new byte[bytes.remaining()];
      bytes.get(exact);
      return exact;
    } catch (CharacterCodingException malformed) {
      throw new IllegalArgumentException(
          "text: has an unpaired surrogate (expected: well-formed)", malformed);
    }
  }

  private static String decodeText(byte[] bytes) {
    try {
      // A decoder of its own reports what new String(...) would silently replace.
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException malformed) {
      throw new IllegalArgumentException("bytes: not UTF-8 (expected: UTF-8)", malformed);
    }
  }

  private static byte[] encodeFloats(float[] vector) {
    var bytes = ByteBuffer.allocate(Math.multiplyExact(vector.length, Float.BYTES));
    bytes.asFloatBuffer().put(vector);
    return bytes.array();
  }

  private static float[] decodeFloats(byte[] bytes) {
    requireLength(bytes, bytes.length % Float.BYTES == 0, "a multiple of 4");
    var vector = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).asFloatBuffer().get(vector);
    return vector;
  }

  private static void requireLength(byte[] bytes, boolean fits, String expected) {
    if (!fits) {
      throw new IllegalArgumentException(
          "bytes: " + bytes.length + " (expected: " + expected + ")");
    }
  }
}
