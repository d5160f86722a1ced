package dev.tiercel.codec;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;

/**
 * Values as JSON, through Jackson: needs {@code com.fasterxml.jackson.core:jackson-databind}.
 *
 * <p>Unknown properties are ignored unless the mapper says otherwise, so that a new field can be
 * rolled out writer first; anything behind the value is refused. Thread-safe.
 *
 * @param <V> the type of value
 */
public final class JsonCodec<V> implements Codec<V> {

  private final ObjectWriter writer;
  private final ObjectReader reader;

  private JsonCodec(ObjectMapper mapper, Type type) {
    var javaType = mapper.constructType(type);
    this.writer = mapper.writerFor(javaType);
    this.reader = mapper.readerFor(javaType).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  /** A codec of a class with a mapper of its own, which ignores unknown properties. */
  public static <V> JsonCodec<V> of(Class<V> type) {
    return of(
        type,
        JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build());
  }

  /**
   * A codec of a class.
   *
   * @param type the class
   * @param mapper how to map it; its settings are taken as they are now
   */
  public static <V> JsonCodec<V> of(Class<V> type, ObjectMapper mapper) {
    return new JsonCodec<>(mapper, type);
  }

  /**
   * A codec of a generic type, such as {@code new TypeReference<List<Feature>>() {}}.
   *
   * @param type the type
   * @param mapper how to map it; its settings are taken as they are now
   */
  public static <V> JsonCodec<V> of(TypeReference<V> type, ObjectMapper mapper) {
    return new JsonCodec<>(mapper, type.getType());
  }

  @Override
  public int id() {
    return 6;
  }

  @Override
  public byte[] encode(V value) {
    try {
      return writer.writeValueAsBytes(value);
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  @Override
  public V decode(byte[] bytes) {
    try {
      return reader.readValue(bytes);
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }
}
