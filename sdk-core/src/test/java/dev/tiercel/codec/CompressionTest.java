package dev.tiercel.codec;

import static dev.tiercel.Given.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionTest {

  private static final byte[] TEXT =
      "a feature, and another feature, and another feature, and another feature"
          .getBytes(StandardCharsets.UTF_8);

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void anyPayload_roundTrip(int id) {
    forAll(given -> {
      var payload = given.bytes("payload", 0, 1_000);

      assertThat(Compression.decompress(id, compression(id).compress(payload))).isEqualTo(payload);
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void repeatingPayload_roundTripAndIsSmaller(int id) {
    forAll(50, given -> {
      var pattern = given.bytes("pattern", 1, 20);
      var payload = new byte[given.integer("length", 1_000, 200_000)];
      for (var i = 0; i < payload.length; i++) {
        payload[i] = pattern[i % pattern.length];
      }
      var compressed = compression(id).compress(payload);

      assertThat(compressed.length).isLessThan(payload.length / 2);
      assertThat(Compression.decompress(id, compressed)).isEqualTo(payload);
    });
  }

  /**
   * Whatever a cache holds: an exception that a reader turns into a miss, or bytes within the
   * bound; never an error.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void anyBytes_areDecompressedWithinTheirSizeOrRefused(int id) {
    forAll(given -> {
      var size = given.integer("size", 0, 100_000);
      var body = given.bytes("body", 0, 200);
      var bytes = ByteBuffer.allocate(4 + body.length).putInt(size).put(body).array();

      assertSizedOrRefused(id, bytes, size);
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void anyChangedByte_isDecompressedWithinItsSizeOrRefused(int id) {
    var whole = compression(id).compress(TEXT);
    for (var where = 4; where < whole.length; where++) {
      for (var value = 0; value < 256; value++) {
        var bytes = whole.clone();
        bytes[where] = (byte) value;

        assertSizedOrRefused(id, bytes, TEXT.length);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void cutAnywhere_isRefused(int id) {
    var whole = compression(id).compress(TEXT);
    for (var length = 0; length < whole.length; length++) {
      var cut = Arrays.copyOf(whole, length);

      assertThatThrownBy(() -> Compression.decompress(id, cut))
          .as("%s bytes", length)
          .isInstanceOf(RuntimeException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 71, 73, 1_000, 1 << 20})
  void sizeThatLies_isRefused(int size) {
    for (var id = 1; id <= 2; id++) {
      var bytes = compression(id).compress(TEXT);
      ByteBuffer.wrap(bytes).putInt(0, size);
      var algorithm = id;

      assertThat(TEXT).hasSize(72);
      assertThatThrownBy(() -> Compression.decompress(algorithm, bytes))
          .isInstanceOf(RuntimeException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, Compression.MAX_BYTES + 1, Integer.MAX_VALUE})
  void sizeBeyondTheBound_isRefusedBeforeAnythingIsAllocated(int size) {
    var bytes = compression(1).compress(TEXT);
    ByteBuffer.wrap(bytes).putInt(0, size);

    for (var id = 1; id <= 2; id++) {
      var algorithm = id;
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Compression.decompress(algorithm, bytes))
          .withMessage("size: " + size + " (expected: 0 to 67108864)");
    }
  }

  /** A few bytes that become many: as many as they say, and no more. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void bomb_isStoppedAtTheSizeItStates(int id) {
    var bomb = compression(id).compress(new byte[16 << 20]);
    assertThat(bomb.length).isLessThan(100_000);
    ByteBuffer.wrap(bomb).putInt(0, 1_000);

    assertThatThrownBy(() -> Compression.decompress(id, bomb)).isInstanceOf(RuntimeException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 3})
  void anotherAlgorithm_isRefused(int id) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Compression.decompress(id, new byte[8]))
        .withMessage("compression: " + id + " (expected: 1 or 2)");
  }

  @Test
  void bytesOfTheOtherAlgorithm_areRefused() {
    assertThatThrownBy(() -> Compression.decompress(1, compression(2).compress(TEXT)))
        .isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> Compression.decompress(2, compression(1).compress(TEXT)))
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  void appliesFromTheThresholdOn() {
    assertThat(Compression.lz4(10).appliesTo(new byte[9])).isFalse();
    assertThat(Compression.lz4(10).appliesTo(new byte[10])).isTrue();
    assertThat(Compression.zstd(0).appliesTo(new byte[0])).isTrue();
    assertThat(Compression.none().appliesTo(new byte[1000])).isFalse();
  }

  @Test
  void payloadThatCouldNotBeDecompressed_isNotCompressed() {
    assertThat(Compression.lz4(0).appliesTo(new byte[Compression.MAX_BYTES])).isTrue();
    assertThat(Compression.lz4(0).appliesTo(new byte[Compression.MAX_BYTES + 1]))
        .isFalse();
  }

  @Test
  void negativeThreshold_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Compression.lz4(-1))
        .withMessage("thresholdBytes: -1 (expected: 0 or more)");
  }

  @Test
  void ids_areTheBitsOfTheEnvelope() {
    assertThat(Arrays.stream(Compression.Algorithm.values()).map(Compression.Algorithm::id))
        .containsExactly(0, 1, 2);
    assertThat(Compression.Algorithm.ZSTD.id()).isLessThanOrEqualTo(Envelope.COMPRESSION_MASK);
  }

  @Test
  void randomBytes_areNotMadeSmaller() {
    var payload = new byte[10_000];
    new Random(1).nextBytes(payload);

    assertThat(compression(1).compress(payload).length).isGreaterThan(payload.length);
    assertThat(compression(2).compress(payload).length).isGreaterThan(payload.length);
  }

  private static void assertSizedOrRefused(int id, byte[] bytes, int size) {
    byte[] payload;
    try {
      payload = Compression.decompress(id, bytes);
    } catch (RuntimeException refused) {
      return;
    }
    assertThat(payload).hasSize(size);
  }

  private static Compression compression(int id) {
    return id == 1 ? Compression.lz4(0) : Compression.zstd(0);
  }
}
