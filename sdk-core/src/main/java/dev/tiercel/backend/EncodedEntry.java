package dev.tiercel.backend;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An entry whose value is still bytes: what backends read and write. Either a value or a tombstone.
 *
 * <p>Immutable as long as nobody changes the payload array, which is shared and not copied: treat
 * it as read-only.
 *
 * @param payload the encoded, perhaps compressed value; null for a tombstone
 * @param codecId which codec wrote the payload, 0 for a tombstone or if the backend keeps no
 *     metadata
 * @param compression how the payload is compressed, 0 if it is not, to 3; see {@code Compression}
 * @param version the entry's version, {@link dev.tiercel.time.Version#NONE} if its origin keeps
 *     none
 * @param createdAtMillis wall-clock time at which the source of record is known to have held this,
 *     0 if unknown
 * @param softExpiryMillis wall-clock time after which the entry should be refreshed, 0 for never
 * @param expiryMillis wall-clock time after which the entry must not be served, 0 for never
 * @param barrier every barrier of its keyspace up to this one was raised before the entry was
 *     loaded, see {@link Barriers}; 0 if none is known
 */
public record EncodedEntry(
    byte @Nullable [] payload,
    int codecId,
    int compression,
    long version,
    long createdAtMillis,
    long softExpiryMillis,
    long expiryMillis,
    long barrier) {

  /** The largest codec id. */
  public static final int MAX_CODEC_ID = 0xFFFF;

  /** The largest compression id. */
  public static final int MAX_COMPRESSION = 3;

  /** Checks the bounds. */
  public EncodedEntry(
      // In full, since a compact constructor does not tell callers that the payload may be null.
      byte @Nullable [] payload,
      int codecId,
      int compression,
      long version,
      long createdAtMillis,
      long softExpiryMillis,
      long expiryMillis,
      long barrier) {
    if (codecId < 0 || codecId > MAX_CODEC_ID) {
      throw new IllegalArgumentException("codecId: " + codecId + " (expected: 0 to 65535)");
    }
    if (compression < 0 || compression > MAX_COMPRESSION) {
      throw new IllegalArgumentException("compression: " + compression + " (expected: 0 to 3)");
    }
    if (version < 0) {
      throw new IllegalArgumentException("version: " + version + " (expected: 0 or more)");
    }
    this.payload = payload;
    this.codecId = codecId;
    this.compression = compression;
    this.version = version;
    this.createdAtMillis = createdAtMillis;
    this.softExpiryMillis = softExpiryMillis;
    this.expiryMillis = expiryMillis;
    this.barrier = barrier;
  }

  /** An entry that knows of no barrier. */
  public EncodedEntry(
      byte @Nullable [] payload,
      int codecId,
      int compression,
      long version,
      long createdAtMillis,
      long softExpiryMillis,
      long expiryMillis) {
    this(
        payload, codecId, compression, version, createdAtMillis, softExpiryMillis, expiryMillis, 0);
  }

  /** Plain bytes with no metadata at all. */
  public static EncodedEntry plain(byte[] payload) {
    return new EncodedEntry(payload, 0, 0, 0, 0, 0, 0);
  }

  /**
   * The mark of a deleted key.
   *
   * @param version the delete's version; {@link dev.tiercel.time.Version#NONE} for a key that never
   *     had a value, as far as the source of record knows: a negative entry, which any put beats
   * @param createdAtMillis when it was deleted
   * @param expiryMillis until when the mark is kept, 0 for ever
   */
  public static EncodedEntry tombstone(long version, long createdAtMillis, long expiryMillis) {
    return new EncodedEntry(null, 0, 0, version, createdAtMillis, 0, expiryMillis);
  }

  /** Whether this is the mark of a deleted key. */
  public boolean isTombstone() {
    return payload == null;
  }

  /** The payload's length in bytes, 0 for a tombstone. */
  public int size() {
    return payload == null ? 0 : payload.length;
  }

  /** Whether the entry must no longer be served at the given wall-clock time. */
  public boolean isExpiredAt(long millis) {
    return expiryMillis != 0 && expiryMillis <= millis;
  }

  /** The same entry with another version. */
  public EncodedEntry withVersion(long newVersion) {
    return new EncodedEntry(
        payload,
        codecId,
        compression,
        newVersion,
        createdAtMillis,
        softExpiryMillis,
        expiryMillis,
        barrier);
  }

  /** The same entry with another barrier. */
  public EncodedEntry withBarrier(long newBarrier) {
    return new EncodedEntry(
        payload,
        codecId,
        compression,
        version,
        createdAtMillis,
        softExpiryMillis,
        expiryMillis,
        newBarrier);
  }

  /** The same entry with other times. */
  public EncodedEntry withTimes(
      long newCreatedAtMillis, long newSoftExpiryMillis, long newExpiryMillis) {
    return new EncodedEntry(
        payload,
        codecId,
        compression,
        version,
        newCreatedAtMillis,
        newSoftExpiryMillis,
        newExpiryMillis,
        barrier);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EncodedEntry that
        && Arrays.equals(payload, that.payload)
        && codecId == that.codecId
        && compression == that.compression
        && version == that.version
        && createdAtMillis == that.createdAtMillis
        && softExpiryMillis == that.softExpiryMillis
        && expiryMillis == that.expiryMillis
        && barrier == that.barrier;
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(payload) + Long.hashCode(version);
  }

  /** The entry without its value, which may be private. */
  @Override
  public String toString() {
    return (isTombstone() ? "Tombstone" : "EncodedEntry")
        + "{version: "
        + version
        + ", bytes: "
        + size()
        + ", codec: "
        + codecId
        + "}";
  }
}
