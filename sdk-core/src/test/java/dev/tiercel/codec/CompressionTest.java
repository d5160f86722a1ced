package dev.tiercel.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionTest {

  private static final byte[] TEXT = "a feature, and another feature, and another feature, and another feature".getBytes();

  @Property
  void anyPayload_roundTrip(@ForAll byte[] payload, @ForAll @IntRange(min = 1, max = 2) int id) {
    assertThat(Compression.decompress(id, compression(id).compress(payload))).isEqualTo(payload);
  }

  @Property(tries = 50)
  void repeatingPayload_roundTripAndIsSmaller(
      @ForAll @Size(min = 1, max = 20) byte[] pattern,
      @ForAll @IntRange(min = 1_000, max = 200_000) int length,
      @ForAll @IntRange(min = 1, max = 2) int id) {
    var payload = new byte[length];
    for (var i = 0; i < length; i++) {
      payload[i] = pattern[i % pattern.length];
    }
    var compressed = compression(id).compress(payload);

    assertThat(compressed.length).isLessThan(length / 2);
    assertThat(Compression.decompress(id, compressed)).isEqualTo(payload);
  }

  /** Whatever a cache holds: an exception that a reader turns into a miss, or bytes within the bound; never an error. */
  @Property
  void anyBytes_areDecompressedWithinTheirSizeOrRefused(
      @ForAll @IntRange(max = 100_000) int size, @ForAll byte[] body, @ForAll @IntRange(max = 3) int id) {
    var bytes = ByteBuffer.allocate(4 + body.length).putInt(size).put(body).array();

    assertSizedOrRefused(id, bytes, size);
  }

  @Property
  void anyChangedByte_isDecompressedWithinItsSizeOrRefused(
      @ForAll @IntRange(min = 4) int where, @ForAll byte value, @ForAll @IntRange(min = 1, max = 2) int id) {
    var bytes = compression(id).compress(TEXT);
    bytes[4 + where % (bytes.length - 4)] = value;

    assertSizedOrRefused(id, bytes, TEXT.length);
  }

  @Property
  void cutAnywhere_isRefused(@ForAll @IntRange int where, @ForAll @IntRange(min = 1, max = 2) int id) {
    var bytes = compression(id).compress(TEXT);
    var cut = Arrays.copyOf(bytes, where % bytes.length);

    assertThatThrownBy(() -> Compression.decompress(id, cut)).isInstanceOf(RuntimeException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 71, 73, 1_000, 1 << 20})
  void sizeThatLies_isRefused(int size) {
    for (var id = 1; id <= 2; id++) {
      var bytes = compression(id).compress(TEXT);
      ByteBuffer.wrap(bytes).putInt(0, size);
      var algorithm = id;

      assertThat(TEXT).hasSize(72);
      assertThatThrownBy(() -> Compression.decompress(algorithm, bytes)).isInstanceOf(RuntimeException.class);
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
    assertThatThrownBy(() -> Compression.decompress(1, compression(2).compress(TEXT))).isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> Compression.decompress(2, compression(1).compress(TEXT))).isInstanceOf(RuntimeException.class);
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
    assertThat(Compression.lz4(0).appliesTo(new byte[Compression.MAX_BYTES + 1])).isFalse();
  }

  @Test
  void negativeThreshold_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Compression.lz4(-1))
        .withMessage("thresholdBytes: -1 (expected: 0 or more)");
  }

  @ParameterizedTest
  @EnumSource(Compression.Algorithm.class)
  void ids_areWhatTheEnvelopeHasRoomFor(Compression.Algorithm algorithm) {
    assertThat(algorithm.id()).isEqualTo(algorithm.ordinal()).isLessThanOrEqualTo(Envelope.COMPRESSION_MASK);
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
