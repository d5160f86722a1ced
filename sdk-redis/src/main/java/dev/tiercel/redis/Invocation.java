package dev.tiercel.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One run of a script on one key.
 *
 * @param script what to run
 * @param keyspace the keyspace's name
 * @param key the key to run it on
 * @param arguments what it is told, in order
 */
record Invocation(Script script, String keyspace, String key, List<byte[]> arguments) {

  private static final ByteArrayCodec CODEC = ByteArrayCodec.INSTANCE;

  /** The keys' envelopes, in one command. */
  static Command<byte[], byte[], List<byte[]>> readAll(String keyspace, List<String> keys) {
    var arguments = new CommandArgs<>(CODEC);
    keys.forEach(key -> arguments.addKey(KeyNames.value(keyspace, key)));
    return command(CommandType.MGET, arguments);
  }

  /** The command that names the script, which Redis may not know. */
  Command<byte[], byte[], List<byte[]>> byDigest() {
    return command(CommandType.EVALSHA, arguments(script.digest()));
  }

  /** The command that carries the script, after which Redis knows it. */
  Command<byte[], byte[], List<byte[]>> inFull() {
    return command(CommandType.EVAL, arguments(script.text()));
  }

  /** A number as scripts compare it. */
  static byte[] number(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  /** A number as Redis commands take it, or any other text. */
  static byte[] text(Object value) {
    return value.toString().getBytes(StandardCharsets.UTF_8);
  }

  private CommandArgs<byte[], byte[]> arguments(byte[] scriptOrDigest) {
    var all = new CommandArgs<>(CODEC)
        .add(scriptOrDigest)
        .add(2)
        .addKey(KeyNames.value(keyspace, key))
        .addKey(KeyNames.lease(keyspace, key));
    arguments.forEach(all::add);
    return all;
  }

  private static Command<byte[], byte[], List<byte[]>> command(
      CommandType type, CommandArgs<byte[], byte[]> arguments) {
    return new Command<>(type, new ValueListOutput<>(CODEC), arguments);
  }
}
