package dev.tiercel.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The commands of a feed's connection, and those by which connections know each other. */
final class FeedCommands {

  private FeedCommands() {}

  /** Asks to be told of a keyspace's changes; what is told already goes on being told. */
  static Command<byte[], byte[], List<byte[]>> track(String keyspace) {
    return command(
        CommandType.CLIENT,
        arguments("TRACKING", "ON", "BCAST", "PREFIX")
            .add(Invocation.text(KeyNames.valuePrefix(keyspace)))
            .add("PREFIX")
            .add(Invocation.text(KeyNames.wakePrefix(keyspace)))
            .add("PREFIX")
            .add(KeyNames.clock(keyspace)));
  }

  /**
   * Asks for the messages about a keyspace's changes. What Redis replies to that is a push, which
   * the connection does not take for the command's reply: so a ping goes with it, and is replied to
   * after it. Where it is refused there are two replies, and the connection is of no more use.
   */
  static Command<byte[], byte[], List<byte[]>> subscribe(String keyspace) {
    var ping = command(CommandType.PING, arguments());
    return new Command<>(
        CommandType.SUBSCRIBE, new PlainOutput(), arguments().add(KeyNames.channel(keyspace))) {
      @Override
      public void encode(ByteBuf buffer) {
        super.encode(buffer);
        ping.encode(buffer);
      }
    };
  }

  static Command<byte[], byte[], List<byte[]>> ping() {
    return command(CommandType.PING, arguments());
  }

  /** The first bytes of what a key holds. */
  static Command<byte[], byte[], List<byte[]>> head(String keyspace, String key, int bytes) {
    return command(
        CommandType.GETRANGE,
        arguments().addKey(KeyNames.value(keyspace, key)).add(0).add(bytes - 1));
  }

  /** Who the connection is, in the eyes of Redis. */
  static Command<byte[], byte[], List<byte[]>> whoAmI() {
    return command(CommandType.CLIENT, arguments("INFO"));
  }

  /**
   * Ends another connection. By its address too: after a restart Redis gives the same numbers to
   * others.
   */
  static Command<byte[], byte[], List<byte[]>> kill(String id, String address) {
    return command(CommandType.CLIENT, arguments("KILL", "ID", id, "ADDR", address));
  }

  private static CommandArgs<byte[], byte[]> arguments(String... words) {
    var arguments = new CommandArgs<>(ByteArrayCodec.INSTANCE);
    for (var word : words) {
      arguments.add(word.getBytes(StandardCharsets.UTF_8));
    }
    return arguments;
  }

  private static Command<byte[], byte[], List<byte[]>> command(
      CommandType type, CommandArgs<byte[], byte[]> arguments) {
    return new Command<>(type, new PlainOutput(), arguments);
  }
}
