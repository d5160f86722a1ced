package dev.tiercel.codec;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.UncheckedIOException;

/**
 * Values as Protocol Buffers messages: needs {@code com.google.protobuf:protobuf-java} (or
 * {@code -javalite}).
 *
 * <p>Thread-safe; messages are immutable by nature.
 *
 * @param <V> the type of message
 */
public final class ProtobufCodec<V extends MessageLite> implements Codec<V> {

  private final Parser<V> parser;

  private ProtobufCodec(Parser<V> parser) {
    this.parser = parser;
  }

  /**
   * A codec of a message type.
   *
   * @param parser the type's parser, {@code MyMessage.parser()}
   */
  public static <V extends MessageLite> ProtobufCodec<V> of(Parser<V> parser) {
    return new ProtobufCodec<>(parser);
  }

  @Override
  public int id() {
    return 7;
  }

  @Override
  public byte[] encode(V value) {
    return value.toByteArray();
  }

  @Override
  public V decode(byte[] bytes) {
    try {
      return parser.parseFrom(bytes);
    } catch (InvalidProtocolBufferException refused) {
      throw new UncheckedIOException(refused);
    }
  }
}
