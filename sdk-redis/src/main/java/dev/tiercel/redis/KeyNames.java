package dev.tiercel.redis;

import java.nio.charset.StandardCharsets;

/**
 * Where a key's envelope and its lease live: {@code {keyspace:key}} and
 * {@code lease:{keyspace:key}}.
 *
 * <p>The braces put both into one slot of a Cluster, whatever the key holds: a slot is chosen by
 * what stands between the first opening and the next closing brace, and that is the same text in
 * both names. The names of a keyspace's envelopes, and of nothing else, begin with an opening
 * brace, the keyspace and a colon.
 */
final class KeyNames {

  private KeyNames() {}

  static byte[] value(String keyspace, String key) {
    return bytes("{" + escaped(keyspace) + ":" + key + "}");
  }

  static byte[] lease(String keyspace, String key) {
    return bytes("lease:{" + escaped(keyspace) + ":" + key + "}");
  }

  /**
   * A keyspace holds neither the colon that ends it nor a brace that would empty the text between
   * the braces.
   */
  private static String escaped(String keyspace) {
    return keyspace.replace("%", "%25").replace(":", "%3A").replace("{", "%7B").replace("}", "%7D");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
