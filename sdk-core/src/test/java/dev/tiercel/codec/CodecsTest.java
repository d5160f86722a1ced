package dev.tiercel.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodecsTest {

  record Feature(String name, int count) {}

  @Test
  void ids_areFixedAndDifferent() {
    var ids = Stream.of(
            Codecs.bytes(),
            Codecs.utf8(),
            Codecs.longs(),
            Codecs.doubles(),
            Codecs.floats(),
            JsonCodec.of(Feature.class),
            ProtobufCodec.of(Struct.parser()))
        .map(Codec::id);

    assertThat(ids).containsExactly(1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  void bytes_areCopiedBothWays() {
    var value = new byte[] {1, 2};
    var encoded = Codecs.bytes().encode(value);
    var decoded = Codecs.bytes().decode(encoded);
    value[0] = 9;
    encoded[1] = 9;

    assertThat(encoded).containsExactly(1, 9);
    assertThat(decoded).containsExactly(1, 2);
  }

  @Test
  void numbers_areBigEndian() {
    assertThat(Codecs.longs().encode(0x0102030405060708L)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(Codecs.doubles().encode(1.0)).containsExactly(0x3F, 0xF0, 0, 0, 0, 0, 0, 0);
    assertThat(Codecs.floats().encode(new float[] {1.0f, -0.0f}))
        .containsExactly(0x3F, 0x80, 0, 0, 0x80, 0, 0, 0);
  }

  @Test
  void empty_isAValue() {
    assertThat(Codecs.bytes().decode(new byte[0])).isEmpty();
    assertThat(Codecs.utf8().decode(new byte[0])).isEmpty();
    assertThat(Codecs.floats().decode(new byte[0])).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uD800", "\uDC00", "a\uD800b", "\uDC00\uD800"})
  void utf8_unpairedSurrogates_areRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Codecs.utf8().encode(text))
        .withMessageStartingWith("text: ");
  }

  @Test
  void utf8_bytesThatAreNoText_areRefused() {
    var malformed = List.of(
        bytes(0xFF),
        bytes('a', 0xC3), // cut short
        bytes(0xC0, 0x80), // NUL, longer than need be
        bytes(0xED, 0xA0, 0x80), // a surrogate
        bytes(0xF4, 0x90, 0x80, 0x80), // above U+10FFFF
        bytes(0x80));
    for (var bytes : malformed) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Codecs.utf8().decode(bytes))
          .withMessageStartingWith("bytes: ");
    }
  }

  @Test
  void numbers_ofAnotherLength_areRefused() {
    for (var length : new int[] {0, 1, 7, 9, 16}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Codecs.longs().decode(new byte[length]));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Codecs.doubles().decode(new byte[length]));
    }
    for (var length : new int[] {1, 2, 3, 5}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Codecs.floats().decode(new byte[length]))
          .withMessage("bytes: " + length + " (expected: a multiple of 4)");
    }
  }

  @Test
  void own_takesItsIdAndFunctions() {
    var codec = Codecs.of(1_000, (Integer value) -> bytes(value), bytes -> (int) bytes[0]);

    assertThat(codec.id()).isEqualTo(1_000);
    assertThat(codec.decode(codec.encode(5))).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 0x1_0000})
  void own_idOutOfRange_isRefused(int id) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Codecs.of(id, (byte[] value) -> value, bytes -> bytes))
        .withMessage("id: " + id + " (expected: 1 to 65535)");
  }

  @Test
  void json_fieldNobodyKnows_isIgnoredUnlessTheMapperMinds() {
    var json =
        "{\"name\":\"a\",\"count\":1,\"later\":{\"x\":[1]}}".getBytes(StandardCharsets.UTF_8);
    var strict = JsonMapper.builder()
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .build();

    assertThat(JsonCodec.of(Feature.class).decode(json)).isEqualTo(new Feature("a", 1));
    assertThatThrownBy(() -> JsonCodec.of(Feature.class, strict).decode(json))
        .isInstanceOf(RuntimeException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{\"name\":\"a\",\"count\":1",
        "{\"name\":\"a\",\"count\":1}x",
        "{\"name\":\"a\",\"count\":1}{}",
        "{\"name\":\"a\",\"count\":1} 2",
        "{\"name\":\"a\",\"count\":\"x\"}",
        "{\"name\":\"a\",\"count\":1e99}",
        "[1]",
        "name"
      })
  void json_whatIsNotOneValue_isRefused(String json) {
    assertThatThrownBy(
            () -> JsonCodec.of(Feature.class).decode(json.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  void json_bytesThatAreNoText_areRefused() {
    var malformed = "{\"name\":\"?\",\"count\":1}".getBytes(StandardCharsets.UTF_8);
    malformed[9] = (byte) 0xFF;

    assertThatThrownBy(() -> JsonCodec.of(Feature.class).decode(malformed))
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  void json_genericType_roundTrip() {
    var codec = JsonCodec.of(new TypeReference<List<Feature>>() {}, new JsonMapper());
    var value = List.of(new Feature("a", 1), new Feature("b", 2));

    assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
  }

  @Test
  void json_mapperChangedLater_isNotNoticed() {
    var mapper = JsonMapper.builder()
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .build();
    var codec = JsonCodec.of(Feature.class, mapper);
    mapper.configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, true);

    assertThat(
            codec.decode("{\"name\":\"a\",\"count\":1,\"x\":2}".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(new Feature("a", 1));
  }

  @Test
  void protobuf_message_roundTrip() {
    var codec = ProtobufCodec.of(Struct.parser());
    var value = Struct.newBuilder()
        .putFields("name", Value.newBuilder().setStringValue("a").build())
        .putFields("weight", Value.newBuilder().setNumberValue(0.5).build())
        .build();

    assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
    assertThat(codec.decode(new byte[0])).isEqualTo(Struct.getDefaultInstance());
  }

  @Test
  void protobuf_malformed_isRefused() {
    var whole = StringValue.of("some text").toByteArray();
    var notUtf8 = whole.clone();
    notUtf8[4] = (byte) 0xFF;
    for (var bytes :
        List.of(java.util.Arrays.copyOf(whole, whole.length - 1), bytes(0xFF), bytes(0), notUtf8)) {
      assertThatThrownBy(() -> ProtobufCodec.of(StringValue.parser()).decode(bytes))
          .isInstanceOf(RuntimeException.class);
    }
  }

  private static byte[] bytes(int... values) {
    var bytes = new byte[values.length];
    for (var i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
