package dev.tiercel.dynamo;

import com.google.common.base.Utf8;
import java.nio.charset.StandardCharsets;

/** Checks of what a table can hold as text, and the whole seconds of its TTL. */
final class Texts {

  private Texts() {}

  /** The text itself, if it is well-formed and not empty. */
  static String checked(String name, String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException(name + ": empty (expected: at least 1 byte)");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException(
          name + ": has an unpaired surrogate (expected: well-formed text)");
    }
    return text;
  }

  /** The text itself, if it is a partition key's size. */
  static String bounded(String key, int maxBytes) {
    var bytes = Utf8.encodedLength(key);
    if (bytes > maxBytes) {
      throw new IllegalArgumentException(
          "key: " + bytes + " bytes (expected: at most " + maxBytes + ")");
    }
    return key;
  }

  /** Milliseconds in whole seconds, rounded up; 0 stays 0. */
  static long secondsUp(long millis) {
    return millis / 1000 + (millis % 1000 > 0 ? 1 : 0);
  }
}
