package dev.tiercel.codec;

import com.github.luben.zstd.Zstd;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jpountz.lz4.LZ4Factory;

/**
 * How payloads are compressed on their way to backends that keep metadata: payloads from a
 * threshold on, and only where it makes them smaller.
 *
 * <p>Whatever a process writes with, it reads both algorithms if their libraries are there. A
 * compressed payload begins with its size before compression, four bytes big-endian.
 *
 * @param algorithm what compresses
 * @param thresholdBytes the smallest payload worth the trouble
 */
public record Compression(Algorithm algorithm, int thresholdBytes) {

  /**
   * The largest payload that is decompressed, in bytes: a damaged or hostile size must not exhaust
   * the heap.
   */
  public static final int MAX_BYTES = 64 << 20;

  private static final int SIZE_BYTES = 4;

  /** What compresses, with the number that stands for it in the envelope's flags. */
  public enum Algorithm {
    /** Nothing. */
    NONE(0),
    /** LZ4, needs {@code at.yawk.lz4:lz4-java}. */
    LZ4(1),
    /** Zstandard, needs {@code com.github.luben:zstd-jni}. */
    ZSTD(2);

    private final int id;

    Algorithm(int id) {
      this.id = id;
    }

    /** The number in the envelope's flags. */
    public int id() {
      return id;
    }
  }

  /** Checks the bounds, and that the library is there. */
  public Compression {
    if (thresholdBytes < 0) {
      throw new IllegalArgumentException(
          "thresholdBytes: " + thresholdBytes + " (expected: 0 or more)");
    }
    requireLibrary(algorithm);
  }

  /** No compression. */
  public static Compression none() {
    return new Compression(Algorithm.NONE, Integer.MAX_VALUE);
  }

  /** LZ4: cheap, for values that are read far more often than their bytes cost. */
  public static Compression lz4(int thresholdBytes) {
    return new Compression(Algorithm.LZ4, thresholdBytes);
  }

  /** Zstandard at level 1: smaller than LZ4, and slower, most of all on small values. */
  public static Compression zstd(int thresholdBytes) {
    return new Compression(Algorithm.ZSTD, thresholdBytes);
  }

  /** Whether a payload is worth compressing at all. */
  boolean appliesTo(byte[] payload) {
    return algorithm != Algorithm.NONE
        && payload.length >= thresholdBytes
        && payload.length <= MAX_BYTES;
  }

  /** Compresses; the result may be larger than the payload. */
  byte[] compress(byte[] payload) {
    var packed = algorithm == Algorithm.LZ4 ? Lz4.compress(payload) : Zstandard.compress(payload);
    return ByteBuffer.allocate(SIZE_BYTES + packed.length)
        .putInt(payload.length)
        .put(packed)
        .array();
  }

  /**
   * Decompresses.
   *
   * @param id the algorithm's number, 1 or 2
   * @throws RuntimeException if the bytes are not what the algorithm wrote, or too large, or the
   *     library is missing
   */
  static byte[] decompress(int id, byte[] compressed) {
    var size = ByteBuffer.wrap(compressed).getInt();
    if (size < 0 || size > MAX_BYTES) {
      throw new IllegalArgumentException("size: " + size + " (expected: 0 to " + MAX_BYTES + ")");
    }
    if (id == Algorithm.LZ4.id) {
      requireLibrary(Algorithm.LZ4);
      return Lz4.decompress(compressed, size);
    }
    if (id == Algorithm.ZSTD.id) {
      requireLibrary(Algorithm.ZSTD);
      return Zstandard.decompress(compressed, size);
    }
    throw new IllegalArgumentException("compression: " + id + " (expected: 1 or 2)");
  }

  private static void requireLibrary(Algorithm algorithm) {
    try {
      switch (algorithm) {
        case LZ4 -> Lz4.load();
        case ZSTD -> Zstandard.load();
        case NONE -> {}
      }
    } catch (LinkageError missing) {
      throw new IllegalStateException(
          "compression: " + algorithm + " without its library (expected: "
              + (algorithm == Algorithm.LZ4 ? "at.yawk.lz4:lz4-java" : "com.github.luben:zstd-jni")
              + " on the class path)",
          missing);
    }
  }

  /** Loaded only where LZ4 is used. */
  private static final class Lz4 {
    /**
     * No byte of LZ4 stands for more: a size that claims more is damaged, and is not worth an
     * allocation.
     */
    private static final int MAX_RATIO = 255;

    static void load() {
      LZ4Factory.fastestInstance();
    }

    static byte[] compress(byte[] payload) {
      return LZ4Factory.fastestInstance().fastCompressor().compress(payload);
    }

    static byte[] decompress(byte[] compressed, int size) {
      if (size > (long) MAX_RATIO * compressed.length) {
        throw new IllegalArgumentException(
            "size: " + size + " (expected: what the bytes can hold)");
      }
      var payload = new byte[size];
      var length = LZ4Factory.fastestInstance()
          .safeDecompressor()
          .decompress(compressed, SIZE_BYTES, compressed.length - SIZE_BYTES, payload, 0);
      if (length != size) {
        throw new IllegalArgumentException("size: " + length + " (expected: " + size + ")");
      }
      return payload;
    }
  }

  /** Loaded only where Zstandard is used. */
  private static final class Zstandard {
    static void load() {
      Zstd.defaultCompressionLevel();
    }

    static byte[] compress(byte[] payload) {
      return Zstd.compress(payload, 1);
    }

    static byte[] decompress(byte[] compressed, int size) {
      var frame = Arrays.copyOfRange(compressed, SIZE_BYTES, compressed.length);
      if (Zstd.getFrameContentSize(frame) != size) {
        throw new IllegalArgumentException("size: " + size + " (expected: that of the frame)");
      }
      var payload = Zstd.decompress(frame, size);
      if (payload.length != size) {
        throw new IllegalArgumentException("size: " + payload.length + " (expected: " + size + ")");
      }
      return payload;
    }
  }
}
