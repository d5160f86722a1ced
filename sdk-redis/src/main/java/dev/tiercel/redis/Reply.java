package dev.tiercel.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a script returns: a word, and perhaps something to it.
 *
 * @param status the word, empty if there is none
 * @param bytes what belongs to it, empty if nothing does
 * @param mark the version of the mark that lies there, 0 if none does
 */
record Reply(String status, byte[] bytes, long mark) {

  private static final byte[] NOTHING = {};

  static Reply of(@Nullable List<byte[]> parts) {
    if (parts == null || parts.isEmpty() || parts.get(0) == null) {
      return new Reply("", NOTHING, 0);
    }
    return new Reply(
        new String(parts.get(0), StandardCharsets.UTF_8), part(parts, 1), number(part(parts, 2)));
  }

  private static byte[] part(List<byte[]> parts, int index) {
    var part = index < parts.size() ? parts.get(index) : null;
    return part == null ? NOTHING : part;
  }

  private static long number(byte[] bytes) {
    return bytes.length == Long.BYTES ? ByteBuffer.wrap(bytes).getLong() : 0;
  }

  boolean isEmpty() {
    return bytes.length == 0;
  }

  String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The version it tells, 0 if it tells none. */
  long version() {
    return number(bytes);
  }
}
