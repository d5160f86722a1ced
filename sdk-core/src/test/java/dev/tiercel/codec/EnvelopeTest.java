package dev.tiercel.codec;

import static dev.tiercel.Given.forAll;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.Bytes;
import dev.tiercel.Given;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.time.Version;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class EnvelopeTest {

  private static final String KEYSPACE = "features";
  private static final String KEY = "user-42";
  private static final EncodedEntry VALUE = new EncodedEntry(
      new byte[] {0x61, 0x00, (byte) 0xFF},
      6,
      2,
      Version.of(1_750_000_000_000L, 7),
      1_750_000_000_001L,
      1_750_000_060_000L,
      1_750_000_600_000L,
      1_750_000_000_123_456L);

  /** Format 1 as it was when it was introduced: whoever must change this introduces a format 2. */
  @Test
  void format1_value_isWrittenAndReadAsEver() {
    var golden = HexFormat.of()
        .parseHex(
            "54430102" // magic, format, flags
                + "00060000" // codec, reserved
                + "01977420dc000007" // version
                + "000001977420dc01" // created
                + "000001977421c660" // soft expiry
                + "00000197742a03c0" // expiry
                + "9419320ef0200c94" // key digest
                + "0006379da05d4240" // barrier
                + "00000003" // payload length
                + "513db4d2" // checksum
                + "6100ff");

    assertThat(Envelope.encode(KEYSPACE, KEY, VALUE)).isEqualTo(golden);
    assertThat(Envelope.decode(KEYSPACE, KEY, golden)).isEqualTo(new Envelope.Readable(VALUE));
  }

  @Test
  void format1_tombstone_isWrittenAndReadAsEver() {
    var tombstone = EncodedEntry.tombstone(Version.MAX, 1_750_000_000_001L, 0);
    var golden = HexFormat.of()
        .parseHex("54430110"
            + "00000000"
            + "7fffffffffffffff"
            + "000001977420dc01"
            + "0000000000000000"
            + "0000000000000000"
            + "9419320ef0200c94"
            + "0000000000000000"
            + "00000000"
            + "222867f1");

    assertThat(Envelope.encode(KEYSPACE, KEY, tombstone)).isEqualTo(golden);
    assertThat(Envelope.decode(KEYSPACE, KEY, golden)).isEqualTo(new Envelope.Readable(tombstone));
  }

  @Test
  void format1_mark_isWrittenAndReadAsEver() {
    var mark = Envelope.mark(VALUE.version());
    var golden = HexFormat.of()
        .parseHex("54430110"
            + "00000000"
            + "01977420dc000007"
            + "0000000000000000"
            + "0000000000000000"
            + "0000000000000002"
            + "9419320ef0200c94"
            + "0000000000000000"
            + "00000000"
            + "f229e62c");

    assertThat(Envelope.encode(KEYSPACE, KEY, mark)).isEqualTo(golden);
    assertThat(Envelope.decode(KEYSPACE, KEY, golden)).isEqualTo(new Envelope.Readable(mark));
    assertThat(Envelope.markIn(mark)).isEqualTo(VALUE.version());
    assertThat(mark.isExpiredAt(VALUE.createdAtMillis())).as("nobody's copy").isTrue();
    assertThat(Envelope.markIn(EncodedEntry.tombstone(7, 0, 1)))
        .as("a dead head")
        .isZero();
    assertThat(Envelope.markIn(VALUE.withTimes(0, 0, 2))).as("a value").isZero();
  }

  @Test
  void anyEntry_roundTrip() {
    forAll(given -> {
      var keyspace = given.text("keyspace", 100);
      var key = given.text("key", 1_000);
      var entry = entry(given);
      var bytes = Envelope.encode(keyspace, key, entry);

      assertThat(bytes).hasSize(Envelope.HEAD_BYTES + entry.size());
      assertThat(ByteBuffer.wrap(bytes).getLong(Envelope.VERSION_OFFSET))
          .isEqualTo(entry.version());
      assertThat(Envelope.decode(keyspace, key, bytes)).isEqualTo(new Envelope.Readable(entry));
    });
  }

  @Test
  void anyEntry_ofAnotherKeyOrKeyspace_isUnreadable() {
    forAll(given -> {
      var keyspace = given.wellFormedText("keyspace", 100);
      var key = given.wellFormedText("key", 100);
      var more = given.wellFormedText("more", 10) + "x";
      var bytes = Envelope.encode(keyspace, key, entry(given));
      var digest = new Envelope.Unreadable("key digest");

      assertThat(Envelope.decode(keyspace, key + more, bytes)).isEqualTo(digest);
      assertThat(Envelope.decode(keyspace + more, key, bytes)).isEqualTo(digest);
    });
  }

  @Test
  void anyBytes_areUnreadable() {
    forAll(given -> {
      var bytes = given.bytes("bytes", 0, 200);

      assertThat(Envelope.decode(KEYSPACE, KEY, bytes)).isInstanceOf(Envelope.Unreadable.class);
    });
  }

  /**
   * Bytes that somebody meant to look right, checksum included: they are read as what they say, or
   * not at all.
   */
  @Test
  void anyHead_withTheRightMagicLengthAndChecksum_neverThrows() {
    forAll(given -> {
      var head = given.bytes("head", Envelope.HEAD_BYTES, Envelope.HEAD_BYTES);
      var payload = given.bytes("payload", 0, 40);
      var bytes = ByteBuffer.allocate(Envelope.HEAD_BYTES + payload.length)
          .put(head)
          .put(payload)
          .array();
      var envelope = ByteBuffer.wrap(bytes)
          .putShort(0, Envelope.MAGIC)
          .put(2, Envelope.FORMAT)
          .putInt(56, payload.length);
      if (!given.sometimes("wrong digest")) {
        envelope
            .putLong(40, Envelope.digest(KEYSPACE, KEY))
            .putShort(6, (short) 0)
            .put(3, (byte) (head[3] & 0b10011));
      }
      seal(bytes);

      if (Envelope.decode(KEYSPACE, KEY, bytes) instanceof Envelope.Readable readable) {
        assertThat(Envelope.encode(KEYSPACE, KEY, readable.entry())).isEqualTo(bytes);
      }
    });
  }

  @Test
  void anySingleBitFlipped_isUnreadable() {
    forAll(50, given -> {
      var bytes = Envelope.encode(KEYSPACE, KEY, entry(given));
      for (var bit = 0; bit < bytes.length * 8; bit++) {
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        assertThat(Envelope.decode(KEYSPACE, KEY, bytes))
            .as("bit %s", bit)
            .isInstanceOf(Envelope.Unreadable.class);
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
      }
    });
  }

  @Test
  void truncatedAnywhere_isUnreadable() {
    forAll(50, given -> {
      var bytes = Envelope.encode(KEYSPACE, KEY, entry(given));
      for (var length = 0; length < bytes.length; length++) {
        assertThat(Envelope.decode(KEYSPACE, KEY, Arrays.copyOf(bytes, length)))
            .isInstanceOf(Envelope.Unreadable.class);
      }
    });
  }

  @Test
  void extended_isUnreadable() {
    forAll(given -> {
      var longer =
          Bytes.concat(Envelope.encode(KEYSPACE, KEY, entry(given)), given.bytes("more", 1, 100));

      assertThat(Envelope.decode(KEYSPACE, KEY, longer))
          .isEqualTo(new Envelope.Unreadable("length"));
    });
  }

  @Test
  void ofAnotherKeyOrKeyspace_isUnreadable() {
    var bytes = Envelope.encode(KEYSPACE, KEY, VALUE);
    var digest = new Envelope.Unreadable("key digest");

    assertThat(Envelope.decode(KEYSPACE, "user-43", bytes)).isEqualTo(digest);
    assertThat(Envelope.decode("profiles", KEY, bytes)).isEqualTo(digest);
    assertThat(Envelope.decode("featuresuser", "-42", bytes)).isEqualTo(digest);
    assertThat(Envelope.decode("", KEYSPACE + KEY, bytes)).isEqualTo(digest);
  }

  @Test
  void unreadable_saysWhy() {
    assertReason("length", bytes -> {}, 63);
    assertReason("magic", bytes -> bytes.put(0, (byte) 0x55));
    assertReason("format", bytes -> bytes.put(2, (byte) 2));
    assertReason("length", bytes -> bytes.putInt(56, 4));
    assertReason("length", bytes -> bytes.putInt(56, -1));
    assertReason("key digest", bytes -> bytes.putLong(40, 0));
    assertReason("flags", bytes -> bytes.put(3, (byte) 0b100));
    assertReason("flags", bytes -> bytes.put(3, (byte) 0b1000_0010));
    assertReason("flags", bytes -> bytes.putShort(6, (short) 1));
    assertReason("field", bytes -> bytes.putLong(Envelope.VERSION_OFFSET, -1));
    assertReason("field", bytes -> bytes.put(3, (byte) 0b10010));
    var damaged = Envelope.encode(KEYSPACE, KEY, VALUE);
    damaged[64]++;
    assertThat(Envelope.decode(KEYSPACE, KEY, damaged))
        .isEqualTo(new Envelope.Unreadable("checksum"));
  }

  @Test
  void anyHead_alone_saysWhatTheEnvelopeDoes() {
    forAll(given -> {
      var entry = entry(given);
      var bytes = Envelope.encode(KEYSPACE, KEY, entry);
      var head = Arrays.copyOf(bytes, Envelope.HEAD_BYTES);
      var expected =
          new Envelope.Head(entry.version(), entry.createdAtMillis(), entry.expiryMillis());
      var now = given.number("now", Long.MIN_VALUE, Long.MAX_VALUE);

      assertThat(Envelope.decodeHead(KEYSPACE, KEY, head)).isEqualTo(expected);
      assertThat(Envelope.decodeHead(KEYSPACE, KEY, bytes)).isEqualTo(expected);
      assertThat(expected.isExpiredAt(now)).isEqualTo(entry.isExpiredAt(now));
    });
  }

  @Test
  void head_ofSomethingElse_isNone() {
    var head = Arrays.copyOf(Envelope.encode(KEYSPACE, KEY, VALUE), Envelope.HEAD_BYTES);

    assertThat(Envelope.decodeHead(KEYSPACE, "user-43", head)).isNull();
    assertThat(Envelope.decodeHead(KEYSPACE, KEY, Arrays.copyOf(head, 63))).isNull();
    for (var position : new int[] {0, 2, 3, Envelope.VERSION_OFFSET}) {
      var other = head.clone();
      other[position] = (byte) 0x84;
      assertThat(Envelope.decodeHead(KEYSPACE, KEY, other))
          .as("byte %s", position)
          .isNull();
    }
  }

  @Test
  void decode_payloadIsACopy() {
    var bytes = Envelope.encode(KEYSPACE, KEY, VALUE);
    var entry = ((Envelope.Readable) Envelope.decode(KEYSPACE, KEY, bytes)).entry();
    bytes[64]++;

    assertThat(entry).isEqualTo(VALUE);
  }

  @Test
  void largePayload_roundTrip() {
    var payload = new byte[1 << 20];
    new Random(1).nextBytes(payload);
    var entry = EncodedEntry.plain(payload);

    assertThat(Envelope.decode(KEYSPACE, KEY, Envelope.encode(KEYSPACE, KEY, entry)))
        .isEqualTo(new Envelope.Readable(entry));
  }

  private static EncodedEntry entry(Given given) {
    var payload = given.bytes("payload", 0, 100);
    return new EncodedEntry(
        given.sometimes("tombstone") ? null : payload,
        given.integer("codec", 0, EncodedEntry.MAX_CODEC_ID),
        given.integer("compression", 0, 3),
        given.number("version", 0, Version.MAX),
        given.number("created", Long.MIN_VALUE, Long.MAX_VALUE),
        given.number("soft expiry", Long.MIN_VALUE, Long.MAX_VALUE),
        given.number("expiry", Long.MIN_VALUE, Long.MAX_VALUE),
        given.number("barrier", Long.MIN_VALUE, Long.MAX_VALUE));
  }

  private static void assertReason(String reason, Consumer<ByteBuffer> change) {
    assertReason(reason, change, Integer.MAX_VALUE);
  }

  /**
   * Changes an envelope and makes its checksum right again, so that nothing but the change can be
   * the reason.
   */
  private static void assertReason(String reason, Consumer<ByteBuffer> change, int length) {
    var bytes = Envelope.encode(KEYSPACE, KEY, VALUE);
    change.accept(ByteBuffer.wrap(bytes));
    seal(bytes);

    assertThat(Envelope.decode(KEYSPACE, KEY, Arrays.copyOf(bytes, Math.min(length, bytes.length))))
        .isEqualTo(new Envelope.Unreadable(reason));
  }

  private static void seal(byte[] envelope) {
    var crc = new CRC32C();
    crc.update(envelope, 0, 60);
    crc.update(envelope, 64, envelope.length - 64);
    ByteBuffer.wrap(envelope).putInt(60, (int) crc.getValue());
  }
}
