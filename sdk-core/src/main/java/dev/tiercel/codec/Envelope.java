package dev.tiercel.codec;

import com.google.common.hash.Hashing;
import dev.tiercel.backend.EncodedEntry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How an entry travels to a shared cache: a head of fixed size, then the payload. The head can be
 * read alone.
 *
 * <p>All numbers are big-endian; offsets, meanings and the rules of change are in
 * {@code docs/wire-format.md}. The key's digest makes another key's bytes unreadable here, the
 * checksum makes damaged ones so. Stateless and thread-safe.
 */
public final class Envelope {

  /** Bytes before the payload. */
  public static final int HEAD_BYTES = 64;

  /** Where the version stands, eight bytes. */
  public static final int VERSION_OFFSET = 8;

  static final short MAGIC = 0x5443;
  static final byte FORMAT = 1;
  static final int TOMBSTONE = 1 << 4;
  static final int COMPRESSION_MASK = 0b11;
  private static final int KNOWN_FLAGS = TOMBSTONE | COMPRESSION_MASK;
  private static final int DIGEST_OFFSET = 40;
  private static final int LENGTH_OFFSET = 56;
  private static final int CHECKSUM_OFFSET = 60;

  /**
   * In milliseconds: when what lies there as a mark was over. Forgotten versions were over at 1.
   */
  private static final long MARK_EXPIRY = 2;

  private Envelope() {}

  /**
   * What a head alone says.
   *
   * @param version the copy's version, 0 if its source keeps none
   * @param createdAtMillis when the source of record is known to have held it, 0 if unknown
   * @param expiryMillis wall-clock time after which it is over, 0 for never
   */
  public record Head(long version, long createdAtMillis, long expiryMillis) {

    /** Whether the copy is over at the given wall-clock time. */
    public boolean isExpiredAt(long millis) {
      return expiryMillis != 0 && expiryMillis <= millis;
    }
  }

  /** What bytes turned out to be. */
  public sealed interface Decoded {}

  /**
   * An entry.
   *
   * @param entry the entry; its payload is a copy
   */
  public record Readable(EncodedEntry entry) implements Decoded {}

  /**
   * Not an envelope of this key.
   *
   * @param reason why, from a small closed set: {@code length}, {@code magic}, {@code format},
   *     {@code flags}, {@code checksum}, {@code key digest}, {@code field}
   */
  public record Unreadable(String reason) implements Decoded {}

  /**
   * Puts an entry into its envelope.
   *
   * @param keyspace the keyspace's name
   * @param key the key
   * @param entry the value or tombstone to send
   */
  public static byte[] encode(String keyspace, String key, EncodedEntry entry) {
    var payload = entry.payload();
    var flags = entry.compression() | (payload == null ? TOMBSTONE : 0);
    var buffer = ByteBuffer.allocate(HEAD_BYTES + entry.size())
        .putShort(MAGIC)
        .put(FORMAT)
        .put((byte) flags)
        .putShort((short) entry.codecId())
        .putShort((short) 0)
        .putLong(entry.version())
        .putLong(entry.createdAtMillis())
        .putLong(entry.softExpiryMillis())
        .putLong(entry.expiryMillis())
        .putLong(digest(keyspace, key))
        .putLong(entry.barrier())
        .putInt(entry.size())
        .putInt(0);
    if (payload != null) {
      buffer.put(payload);
    }
    var envelope = buffer.array();
    buffer.putInt(CHECKSUM_OFFSET, checksum(envelope));
    return envelope;
  }

  /**
   * Takes an entry out of its envelope. Never throws, whatever the bytes.
   *
   * @param keyspace the keyspace's name
   * @param key the key the bytes were found under
   * @param bytes what was found
   */
  public static Decoded decode(String keyspace, String key, byte[] bytes) {
    if (bytes.length < HEAD_BYTES) {
      return new Unreadable("length");
    }
    var head = ByteBuffer.wrap(bytes);
    var reason = refusal(keyspace, key, bytes, head);
    if (reason != null) {
      return new Unreadable(reason);
    }
    var flags = head.get(3);
    var payload = new byte[bytes.length - HEAD_BYTES];
    head.get(HEAD_BYTES, payload);
    return new Readable(new EncodedEntry(
        (flags & TOMBSTONE) != 0 ? null : payload,
        Short.toUnsignedInt(head.getShort(4)),
        flags & COMPRESSION_MASK,
        head.getLong(VERSION_OFFSET),
        head.getLong(16),
        head.getLong(24),
        head.getLong(32),
        head.getLong(48)));
  }

  /**
   * A mark as it lies in a cache: a tombstone that was over in 1970, and so nobody's copy. See
   * {@link dev.tiercel.backend.Mutation.Mark}.
   *
   * @param version the version that is known to exist elsewhere
   */
  public static EncodedEntry mark(long version) {
    return EncodedEntry.tombstone(version, 0, MARK_EXPIRY);
  }

  /** The version of the mark that an entry is, 0 if it is none. */
  public static long markIn(EncodedEntry entry) {
    return entry.isTombstone() && entry.expiryMillis() == MARK_EXPIRY ? entry.version() : 0;
  }

  /**
   * Reads a head without its payload, whose checksum cannot be compared then. Never throws,
   * whatever the bytes.
   *
   * @param keyspace the keyspace's name
   * @param key the key the bytes were found under
   * @param bytes the first {@link #HEAD_BYTES} bytes of what was found, or more
   * @return null if it is not the head of an envelope of this key
   */
  public static @Nullable Head decodeHead(String keyspace, String key, byte[] bytes) {
    if (bytes.length < HEAD_BYTES) {
      return null;
    }
    var head = ByteBuffer.wrap(bytes);
    var fits = head.getShort(0) == MAGIC
        && head.get(2) == FORMAT
        && head.getLong(DIGEST_OFFSET) == digest(keyspace, key)
        && (head.get(3) & ~KNOWN_FLAGS) == 0
        && head.getLong(VERSION_OFFSET) >= 0;
    return fits ? new Head(head.getLong(VERSION_OFFSET), head.getLong(16), head.getLong(32)) : null;
  }

  private static @Nullable String refusal(
      String keyspace, String key, byte[] bytes, ByteBuffer head) {
    if (head.getShort(0) != MAGIC) {
      return "magic";
    }
    if (head.get(2) != FORMAT) {
      return "format";
    }
    if (head.getInt(LENGTH_OFFSET) != bytes.length - HEAD_BYTES) {
      return "length";
    }
    if (head.getInt(CHECKSUM_OFFSET) != checksum(bytes)) {
      return "checksum";
    }
    if (head.getLong(DIGEST_OFFSET) != digest(keyspace, key)) {
      return "key digest";
    }
    var flags = head.get(3);
    if ((flags & ~KNOWN_FLAGS) != 0 || head.getShort(6) != 0) {
      return "flags";
    }
    var emptyTombstone = (flags & TOMBSTONE) == 0 || bytes.length == HEAD_BYTES;
    return head.getLong(VERSION_OFFSET) < 0 || !emptyTombstone ? "field" : null;
  }

  /** The checksum of everything but itself. */
  private static int checksum(byte[] envelope) {
    var crc = new CRC32C();
    crc.update(envelope, 0, CHECKSUM_OFFSET);
    crc.update(envelope, HEAD_BYTES, envelope.length - HEAD_BYTES);
    return (int) crc.getValue();
  }

  /**
   * 64 bits of keyspace and key. FarmHash's fingerprint is fixed for ever and fast; it need not
   * resist an attacker, who could write the cache directly.
   */
  static long digest(String keyspace, String key) {
    return Hashing.farmHashFingerprint64()
        .hashString(keyspace + '\0' + key, StandardCharsets.UTF_8)
        .asLong();
  }
}
