package dev.tiercel.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.StringValue;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** For arbitrary values and bytes: every codec gives back what it was given, and takes only bytes that it could have written. */
class CodecsPropertyTest {

  record Feature(String name, double weight, List<Integer> ids, Map<String, Boolean> flags) {}

  @Property
  void bytes_roundTrip(@ForAll byte[] value) {
    assertThat(Codecs.bytes().decode(Codecs.bytes().encode(value))).isEqualTo(value);
  }

  @Property
  void utf8_roundTrip(@ForAll("wellFormed") String value) {
    assertThat(Codecs.utf8().decode(Codecs.utf8().encode(value))).isEqualTo(value);
    assertThat(Codecs.utf8().encode(value)).isEqualTo(value.getBytes(StandardCharsets.UTF_8));
  }

  /** What is taken is what the codec itself writes: no byte is replaced, skipped or read in two ways. */
  @Property
  void utf8_anyBytes_areReadExactlyOrRefused(@ForAll byte[] bytes) {
    assertExactOrRefused(Codecs.utf8(), bytes);
  }

  @Property
  void longs_roundTrip(@ForAll long value) {
    assertThat(Codecs.longs().encode(value)).hasSize(8);
    assertThat(Codecs.longs().decode(Codecs.longs().encode(value))).isEqualTo(value);
  }

  @Property
  void longs_anyBytes_areReadExactlyOrRefused(@ForAll @Size(max = 20) byte[] bytes) {
    assertExactOrRefused(Codecs.longs(), bytes);
  }

  @Property
  void doubles_roundTripBitByBit(@ForAll long bits) {
    var value = Double.longBitsToDouble(bits);
    var back = Codecs.doubles().decode(Codecs.doubles().encode(value));

    assertThat(Double.doubleToRawLongBits(back)).isEqualTo(Double.doubleToRawLongBits(value));
  }

  @Property
  void doubles_anyBytes_areReadExactlyOrRefused(@ForAll @Size(max = 20) byte[] bytes) {
    assertExactOrRefused(Codecs.doubles(), bytes);
  }

  @Property
  void floats_roundTripBitByBit(@ForAll int[] bits) {
    var vector = new float[bits.length];
    for (var i = 0; i < bits.length; i++) {
      vector[i] = Float.intBitsToFloat(bits[i]);
    }
    var back = Codecs.floats().decode(Codecs.floats().encode(vector));

    assertThat(back).hasSameSizeAs(vector);
    for (var i = 0; i < vector.length; i++) {
      assertThat(Float.floatToRawIntBits(back[i])).isEqualTo(Float.floatToRawIntBits(vector[i]));
    }
  }

  @Property
  void floats_anyBytes_areReadExactlyOrRefused(@ForAll @Size(max = 20) byte[] bytes) {
    assertExactOrRefused(Codecs.floats(), bytes);
  }

  @Property
  void json_roundTrip(
      @ForAll("wellFormed") String name, @ForAll double weight, @ForAll List<Integer> ids, @ForAll("flags") Map<String, Boolean> flags) {
    var codec = JsonCodec.of(Feature.class);
    var value = new Feature(name, weight, ids, flags);

    assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
  }

  @Property
  void json_anyBytes_areReadOrRefused(@ForAll byte[] bytes) {
    var codec = JsonCodec.of(Feature.class);
    try {
      codec.decode(bytes);
    } catch (UncheckedIOException refused) {
      // Refused as it should be.
    }
  }

  @Property
  void json_cutShort_isRefused(@ForAll("wellFormed") String name, @ForAll List<Integer> ids, @ForAll double where) {
    var codec = JsonCodec.of(Feature.class);
    var whole = codec.encode(new Feature(name, 1, ids, Map.of()));
    var cut = java.util.Arrays.copyOf(whole, (int) (Math.abs(where) % whole.length));

    assertThatThrownBy(() -> codec.decode(cut)).isInstanceOf(RuntimeException.class);
  }

  @Property
  void protobuf_roundTrip(@ForAll("wellFormed") String text, @ForAll byte[] bytes) {
    var texts = ProtobufCodec.of(StringValue.parser());
    var blobs = ProtobufCodec.of(BytesValue.parser());
    var blob = BytesValue.of(ByteString.copyFrom(bytes));

    assertThat(texts.decode(texts.encode(StringValue.of(text)))).isEqualTo(StringValue.of(text));
    assertThat(blobs.decode(blobs.encode(blob))).isEqualTo(blob);
  }

  @Property
  void protobuf_anyBytes_areReadOrRefused(@ForAll byte[] bytes) {
    var codec = ProtobufCodec.of(StringValue.parser());
    try {
      codec.decode(bytes);
    } catch (UncheckedIOException refused) {
      // Refused as it should be.
    }
  }

  @Provide
  Arbitrary<String> wellFormed() {
    return Arbitraries.strings().filter(text -> StandardCharsets.UTF_8.newEncoder().canEncode(text));
  }

  @Provide
  Arbitrary<Map<String, Boolean>> flags() {
    return Arbitraries.maps(wellFormed(), Arbitraries.of(true, false)).ofMaxSize(5);
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
