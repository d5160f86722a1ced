package dev.tiercel.redis;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Where a key's envelope and its lease live, {@code {keyspace:key}} and
 * {@code lease:{keyspace:key}}, what is touched when a lease is given back,
 * {@code wake:{keyspace:key}}, and a keyspace's barriers, {@code clock:{keyspace:}} and
 * {@code groups:{keyspace:}}; and beside the keyspaces a process's {@code pulse:{id}}.
 *
 * <p>The braces put two names into one slot of a Cluster, whatever the key holds: a slot is chosen
 * by what stands between the first opening and the next closing brace, and that is the same text in
 * both names. The names of a keyspace's envelopes, and of nothing else, begin with an opening
 * brace, the keyspace and a colon.
 */
final class KeyNames {

  private static final String VALUE = "{";
  private static final String WAKE = "wake:{";
  private static final String CLOCK = "clock:{";

  private KeyNames() {}

  /**
   * What the name of a changed key says.
   *
   * @param keyspace the keyspace, {@linkplain #escaped as names hold it}
   * @param key the key, null if it is the keyspace's clock that has changed
   * @param isRelease whether only the key's lease was given back
   */
  record Changed(String keyspace, @Nullable String key, boolean isRelease) {}

  static byte[] value(String keyspace, String key) {
    return bytes(valuePrefix(keyspace) + key + "}");
  }

  static byte[] lease(String keyspace, String key) {
    return bytes("lease:{" + escaped(keyspace) + ":" + key + "}");
  }

  static byte[] wake(String keyspace, String key) {
    return bytes(wakePrefix(keyspace) + key + "}");
  }

  static byte[] clock(String keyspace) {
    return bytes(CLOCK + escaped(keyspace) + ":}");
  }

  static byte[] groups(String keyspace) {
    return bytes("groups:{" + escaped(keyspace) + ":}");
  }

  /**
   * Where a process writes its pulse; no keyspace is called so, since names of theirs have a colon.
   */
  static byte[] pulse(long id) {
    return bytes("pulse:{" + HexFormat.of().toHexDigits(id) + "}");
  }

  /** Where the changes of a keyspace are published. */
  static byte[] channel(String keyspace) {
    return bytes("feed:{" + escaped(keyspace) + ":}");
  }

  /** What the names of a keyspace's envelopes begin with. */
  static String valuePrefix(String keyspace) {
    return "{" + escaped(keyspace) + ":";
  }

  /** What the names of what is touched when leases are given back begin with. */
  static String wakePrefix(String keyspace) {
    return WAKE + escaped(keyspace) + ":";
  }

  /** Reads the name of what a feed tells of; null if it is something else's. */
  static @Nullable Changed changed(String name) {
    if (name.startsWith(CLOCK)) {
      var clock = split(name, CLOCK, false);
      return clock == null || !"".equals(clock.key)
          ? null
          : new Changed(clock.keyspace, null, false);
    }
    return name.startsWith(WAKE) ? split(name, WAKE, true) : split(name, VALUE, false);
  }

  private static @Nullable Changed split(String name, String start, boolean isRelease) {
    var colon = name.indexOf(':', start.length());
    if (!name.startsWith(start) || colon < 0 || !name.endsWith("}")) {
      return null;
    }
    return new Changed(
        name.substring(start.length(), colon),
        name.substring(colon + 1, name.length() - 1),
        isRelease);
  }

  /**
   * A keyspace as names hold it: with neither the colon that ends it nor a brace that would empty
   * the text between the braces.
   */
  static String escaped(String keyspace) {
    return keyspace.replace("%", "%25").replace(":", "%3A").replace("{", "%7B").replace("}", "%7D");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
