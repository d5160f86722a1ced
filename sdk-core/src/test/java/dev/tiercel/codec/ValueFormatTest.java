package dev.tiercel.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.error.CodecFailure;
import dev.tiercel.error.InvalidRequest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ValueFormatTest {

  private final ValueFormat<String> format = new ValueFormat<>(Codecs.utf8(), 5);

  @Test
  void encode_keepsWhatItIsGiven() {
    assertThat(format.encode("value", 1, 2, 3, 4))
        .isEqualTo(new EncodedEntry("value".getBytes(StandardCharsets.UTF_8), 2, 0, 1, 2, 3, 4));
  }

  @Test
  void encode_tooLarge_isRefusedWithoutTheValue() {
    assertThatExceptionOfType(InvalidRequest.class)
        .isThrownBy(() -> format.encode("secret", 1, 2, 3, 4))
        .withMessage("value: 6 bytes (expected: at most 5)");
  }

  @Test
  void encode_codecThrowsOrReturnsNull_isACodecFailure() {
    assertThatExceptionOfType(CodecFailure.class)
        .isThrownBy(() -> format.encode("\uD800", 1, 2, 3, 4));
    assertThatExceptionOfType(CodecFailure.class)
        .isThrownBy(() -> broken(null).encode("a", 1, 2, 3, 4));
    assertThatExceptionOfType(CodecFailure.class)
        .isThrownBy(() -> broken(new NoClassDefFoundError("x")).encode("a", 1, 2, 3, 4));
  }

  @Test
  void decode_givesTheValueBack() {
    assertThat(format.decode(format.encode("value", 1, 2, 3, 4))).isEqualTo("value");
  }

  @Test
  void decode_noCodecNoted_takesTheBytes() {
    assertThat(format.decode(EncodedEntry.plain("value".getBytes(StandardCharsets.UTF_8))))
        .isEqualTo("value");
  }

  @Test
  void decode_anotherCodec_isACodecFailureEvenIfItWouldDo() {
    assertThatExceptionOfType(CodecFailure.class)
        .isThrownBy(() -> format.decode(
            new EncodedEntry("value".getBytes(StandardCharsets.UTF_8), 1, 0, 0, 0, 0, 0)))
        .withMessage("codec: 1 (expected: 2)");
  }

  @Test
  void decode_tombstone_isACodecFailure() {
    assertThatExceptionOfType(CodecFailure.class)
        .isThrownBy(() -> format.decode(EncodedEntry.tombstone(1, 2, 3)));
  }

  @Test
  void decode_codecThrowsOrReturnsNull_isACodecFailure() {
    var entry = EncodedEntry.plain(new byte[] {(byte) 0xFF});

    assertThatExceptionOfType(CodecFailure.class).isThrownBy(() -> format.decode(entry));
    assertThatExceptionOfType(CodecFailure.class).isThrownBy(() -> broken(null).decode(entry));
    assertThatExceptionOfType(CodecFailure.class)
        .isThrownBy(() -> broken(new NoClassDefFoundError("x")).decode(entry));
  }

  @SuppressWarnings("NullAway") // A codec that breaks its promise is what is tested.
  private static ValueFormat<String> broken(Error thrown) {
    return new ValueFormat<>(
        Codecs.of(
            1,
            value -> {
              if (thrown != null) {
                throw thrown;
              }
              return null;
            },
            bytes -> {
              if (thrown != null) {
                throw thrown;
              }
              return null;
            }),
        5);
  }
}
