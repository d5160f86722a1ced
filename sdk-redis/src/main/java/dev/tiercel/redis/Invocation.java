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
 * One run of a script on keys of one slot.
 *
 * @param script what to run
 * @param keys the keys to run it on
 * @param arguments what it is told, in order
 */
record Invocation(Script script, List<byte[]> keys, List<byte[]> arguments) {

  private static final ByteArrayCodec CODEC = ByteArrayCodec.INSTANCE;

  /** On a key's envelope and its lease. */
  static Invocation onKey(Script script, String keyspace, String key, List<byte[]> arguments) {
    return new Invocation(
        script, List.of(KeyNames.value(keyspace, key), KeyNames.lease(keyspace, key)), arguments);
  }

  /**
   * Gives a lease back.
   *
   * @param token what proves it
   * @param channel where to publish that, empty for nowhere
   */
  static Invocation release(String keyspace, String key, long token, byte[] channel) {
    var keys = List.of(
        KeyNames.value(keyspace, key), KeyNames.lease(keyspace, key), KeyNames.wake(keyspace, key));
    return new Invocation(Script.RELEASE, keys, List.of(number(token), channel));
  }

  /** On a keyspace's clock and its groups. */
  static Invocation onGroups(Script script, String keyspace, List<byte[]> arguments) {
    return new Invocation(
        script, List.of(KeyNames.clock(keyspace), KeyNames.groups(keyspace)), arguments);
  }

  /** Asks for the barriers raised since one that is known. */
  static Invocation barriersSince(long seen, String keyspace) {
    return onGroups(Script.BARRIERS, keyspace, List.of(text(seen), new byte[0]));
  }

  /** The keyspace's clock and the keys' envelopes, in one command. */
  static Command<byte[], byte[], List<byte[]>> readAll(String keyspace, List<String> keys) {
    var arguments = new CommandArgs<>(CODEC).addKey(KeyNames.clock(keyspace));
    return mget(arguments, keyspace, keys);
  }

  /** The same with another key between: of no keyspace, so not in a Cluster. */
  static Command<byte[], byte[], List<byte[]>> readAll(
      String keyspace, byte[] between, List<String> keys) {
    var arguments = new CommandArgs<>(CODEC).addKey(KeyNames.clock(keyspace)).addKey(between);
    return mget(arguments, keyspace, keys);
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
    var all = new CommandArgs<>(CODEC).add(scriptOrDigest).add(keys.size());
    keys.forEach(all::addKey);
    arguments.forEach(all::add);
    return all;
  }

  private static Command<byte[], byte[], List<byte[]>> mget(
      CommandArgs<byte[], byte[]> arguments, String keyspace, List<String> keys) {
    keys.forEach(key -> arguments.addKey(KeyNames.value(keyspace, key)));
    return command(CommandType.MGET, arguments);
  }

  private static Command<byte[], byte[], List<byte[]>> command(
      CommandType type, CommandArgs<byte[], byte[]> arguments) {
    return new Command<>(type, new ValueListOutput<>(CODEC), arguments);
  }
}
