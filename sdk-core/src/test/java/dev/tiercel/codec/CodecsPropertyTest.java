package dev.tiercel.codec;

import static dev.tiercel.Given.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.StringValue;
import dev.tiercel.Given;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * For arbitrary values and bytes: every codec gives back what it was given, and takes only bytes
 * that it could have written.
 */
class CodecsPropertyTest {

  record Feature(String name, double weight, List<Integer> ids, Map<String, Boolean> flags) {}

  @Test
  void bytes_roundTrip() {
    forAll(given -> {
      var value = given.bytes("value", 0, 300);

      assertThat(Codecs.bytes().decode(Codecs.bytes().encode(value))).isEqualTo(value);
    });
  }

  @Test
  void utf8_roundTrip() {
    forAll(given -> {
      var value = given.wellFormedText("value", 300);

      assertThat(Codecs.utf8().decode(Codecs.utf8().encode(value))).isEqualTo(value);
      assertThat(Codecs.utf8().encode(value)).isEqualTo(value.getBytes(StandardCharsets.UTF_8));
    });
  }

  /** Text is kept char by char, or refused: no surrogate is replaced. */
  @Test
  void utf8_anyText_isKeptExactlyOrRefused() {
    forAll(given -> {
      var value = given.text("value", 50);
      byte[] bytes;
      try {
        bytes = Codecs.utf8().encode(value);
      } catch (IllegalArgumentException refused) {
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(value)).isFalse();
        return;
      }
      assertThat(Codecs.utf8().decode(bytes)).isEqualTo(value);
    });
  }

  /**
   * What is taken is what the codec itself writes: no byte is replaced, skipped or read in two
   * ways.
   */
  @Test
  void utf8_anyBytes_areReadExactlyOrRefused() {
    forAll(given -> assertExactOrRefused(Codecs.utf8(), given.bytes("bytes", 0, 300)));
  }

  /** Bytes that are nearly right, as chance alone would hardly make them. */
  @Test
  void utf8_anyByteChanged_isReadExactlyOrRefused() {
    forAll(given -> {
      var bytes = Codecs.utf8().encode(given.wellFormedText("text", 50) + "\u00E9");
      bytes[given.integer("where", 0, bytes.length - 1)] = (byte) given.integer("byte", 0, 255);

      assertExactOrRefused(Codecs.utf8(), bytes);
    });
  }

  /**
   * Bytes that a lenient decoder would take for characters: too long, surrogates, past the last
   * one, cut short.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "C080",
        "C1BF",
        "E08080",
        "E09FBF",
        "F0808080",
        "F08FBFBF",
        "EDA080",
        "EDBFBF",
        "EDA080EDB080",
        "F4908080",
        "F5808080",
        "F8888080",
        "80",
        "BF",
        "C3",
        "E282",
        "F09F98",
        "FE",
        "FF"
      })
  void utf8_malformed_isRefused(String hex) {
    var bytes = HexFormat.of().parseHex(hex);

    assertThatThrownBy(() -> Codecs.utf8().decode(bytes))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void longs_roundTrip() {
    forAll(given -> {
      var value = given.number("value", Long.MIN_VALUE, Long.MAX_VALUE);

      assertThat(Codecs.longs().encode(value)).hasSize(8);
      assertThat(Codecs.longs().decode(Codecs.longs().encode(value))).isEqualTo(value);
    });
  }

  @Test
  void longs_anyBytes_areReadExactlyOrRefused() {
    forAll(given -> assertExactOrRefused(Codecs.longs(), given.bytes("bytes", 0, 20)));
  }

  @Test
  void doubles_roundTripBitByBit() {
    forAll(given -> {
      var value = given.real("value");
      var back = Codecs.doubles().decode(Codecs.doubles().encode(value));

      assertThat(Double.doubleToRawLongBits(back)).isEqualTo(Double.doubleToRawLongBits(value));
    });
  }

  @Test
  void doubles_anyBytes_areReadExactlyOrRefused() {
    forAll(given -> assertExactOrRefused(Codecs.doubles(), given.bytes("bytes", 0, 20)));
  }

  @Test
  void floats_roundTripBitByBit() {
    forAll(given -> {
      var bits = integers(given, "bits", 100);
      var vector = new float[bits.size()];
      for (var i = 0; i < vector.length; i++) {
        vector[i] = Float.intBitsToFloat(bits.get(i));
      }
      var back = Codecs.floats().decode(Codecs.floats().encode(vector));

      assertThat(back).hasSameSizeAs(vector);
      for (var i = 0; i < vector.length; i++) {
        assertThat(Float.floatToRawIntBits(back[i])).isEqualTo(Float.floatToRawIntBits(vector[i]));
      }
    });
  }

  @Test
  void floats_anyBytes_areReadExactlyOrRefused() {
    forAll(given -> assertExactOrRefused(Codecs.floats(), given.bytes("bytes", 0, 20)));
  }

  @Test
  void json_roundTrip() {
    var codec = JsonCodec.of(Feature.class);
    forAll(given -> {
      var value = feature(given);

      assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
    });
  }

  @Test
  void json_anyBytes_areReadOrRefused() {
    var codec = JsonCodec.of(Feature.class);
    forAll(given -> assertReadOrRefused(codec, given.bytes("bytes", 0, 300)));
  }

  @Test
  void json_anyByteChanged_isReadOrRefused() {
    var codec = JsonCodec.of(Feature.class);
    forAll(given -> {
      var bytes = codec.encode(feature(given));
      bytes[given.integer("where", 0, bytes.length - 1)] = (byte) given.integer("byte", 0, 255);

      assertReadOrRefused(codec, bytes);
    });
  }

  @Test
  void json_cutShort_isRefused() {
    var codec = JsonCodec.of(Feature.class);
    forAll(given -> {
      var whole = codec.encode(feature(given));
      var cut = Arrays.copyOf(whole, given.integer("length", 0, whole.length - 1));

      assertThatThrownBy(() -> codec.decode(cut)).isInstanceOf(RuntimeException.class);
    });
  }

  @Test
  void protobuf_roundTrip() {
    var texts = ProtobufCodec.of(StringValue.parser());
    var blobs = ProtobufCodec.of(BytesValue.parser());
    forAll(given -> {
      var text = StringValue.of(given.wellFormedText("text", 300));
      var blob = BytesValue.of(ByteString.copyFrom(given.bytes("bytes", 0, 300)));

      assertThat(texts.decode(texts.encode(text))).isEqualTo(text);
      assertThat(blobs.decode(blobs.encode(blob))).isEqualTo(blob);
    });
  }

  @Test
  void protobuf_anyBytes_areReadOrRefused() {
    var codec = ProtobufCodec.of(StringValue.parser());
    forAll(given -> assertReadOrRefused(codec, given.bytes("bytes", 0, 300)));
  }

  @Test
  void protobuf_anyByteChanged_isReadOrRefused() {
    var codec = ProtobufCodec.of(StringValue.parser());
    forAll(given -> {
      var bytes = codec.encode(StringValue.of(given.wellFormedText("text", 50) + "a"));
      bytes[given.integer("where", 0, bytes.length - 1)] = (byte) given.integer("byte", 0, 255);

      assertReadOrRefused(codec, bytes);
    });
  }

  private static Feature feature(Given given) {
    var flags = new HashMap<String, Boolean>();
    for (var name : given.list("flags", 5, () -> given.wellFormedText("flag", 20))) {
      flags.put(name, given.sometimes("raised"));
    }
    return new Feature(
        given.wellFormedText("name", 100), given.real("weight"), integers(given, "ids", 20), flags);
  }

  private static List<Integer> integers(Given given, String name, int maxSize) {
    return given.list(
        name, maxSize, () -> given.integer("of " + name, Integer.MIN_VALUE, Integer.MAX_VALUE));
  }

  private static void assertReadOrRefused(Codec<?> codec, byte[] bytes) {
    try {
      codec.decode(bytes);
    } catch (UncheckedIOException refused) {
      // Refused as it should be.
    }
  }

  private static <V> void assertExactOrRefused(Codec<V> codec, byte[] bytes) {
    V value;
    try {
      value = codec.decode(bytes);
    } catch (IllegalArgumentException refused) {
      return;
    }
    assertThat(codec.encode(value)).isEqualTo(bytes);
  }
}
