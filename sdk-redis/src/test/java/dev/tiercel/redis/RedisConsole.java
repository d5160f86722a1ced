package dev.tiercel.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A second, ordinary connection to a Redis: to look at what the backend keeps there, and to disturb
 * it.
 */
final class RedisConsole implements AutoCloseable {

  private final RedisClient client;
  private final RedisCommands<byte[], byte[]> commands;

  RedisConsole(URI uri) {
    client = RedisClient.create(uri.toString());
    commands = client.connect(ByteArrayCodec.INSTANCE).sync();
  }

  RedisCommands<byte[], byte[]> commands() {
    return commands;
  }

  /** How often a command has run, by itself or in a script, since the last {@link #resetCounts}. */
  long calls(String command) {
    return number(commands.info("commandstats"), "cmdstat_" + command + ":calls=(\\d+)");
  }

  void resetCounts() {
    commands.configResetstat();
  }

  /** How many connections Redis has accepted, this one included. */
  long connectionsAccepted() {
    return number(commands.info("stats"), "total_connections_received:(\\d+)");
  }

  /** The milliseconds a key has left, -1 if it stays for ever, -2 if it is not there. */
  long millisLeft(byte[] key) {
    return commands.pttl(key);
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static long number(String info, String pattern) {
    var found = Pattern.compile(pattern).matcher(info);
    return found.find() ? Long.parseLong(found.group(1)) : 0;
  }

  @Override
  public void close() {
    client.shutdown(0, 1, TimeUnit.SECONDS);
  }
}
