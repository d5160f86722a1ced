package dev.tiercel.redis;

import dev.tiercel.backend.Barriers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Redis says about a keyspace's barriers. */
final class BarrierReply {

  private BarrierReply() {}

  /** The last barrier of a keyspace, 0 if there is none. */
  static long clock(byte @Nullable [] value) {
    return value == null || value.length != Long.BYTES
        ? 0
        : ByteBuffer.wrap(value).getLong();
  }

  /**
   * The barriers raised since one that is known; null if the reply is of another shape.
   *
   * @param reply a word, the clock, and groups with their barriers in turn
   * @param seen the barrier that is known
   */
  static @Nullable Barriers of(@Nullable List<byte[]> reply, long seen) {
    if (reply == null || reply.size() < 2 || reply.size() % 2 != 0 || reply.contains(null)) {
      return null;
    }
    var latest = Math.max(seen, number(reply.get(1)));
    Map<String, Long> byGroup = new HashMap<>();
    for (var at = 2; at < reply.size(); at += 2) {
      var barrier = number(reply.get(at + 1));
      byGroup.put(text(reply.get(at)), barrier);
      latest = Math.max(latest, barrier);
    }
    return new Barriers(latest, byGroup);
  }

  private static long number(byte[] decimal) {
    return Long.parseLong(text(decimal));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
