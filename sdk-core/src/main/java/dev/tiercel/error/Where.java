package dev.tiercel.error;

import java.io.Serializable;
import java.time.Duration;

/**
 * Where a call failed and what had been done by then. Layers fill in what they know on the way up.
 *
 * @param backend the backend's name, empty if none was involved
 * @param region the backend's region, empty if unknown
 * @param keyspace the keyspace's name, empty if unknown
 * @param elapsed how long the call had taken, zero if unknown
 * @param attempts how many times a backend was asked
 */
public record Where(String backend, String region, String keyspace, Duration elapsed, int attempts)
    implements Serializable {

  /** Nothing is known: the call was refused before any backend. */
  public static final Where NOWHERE = new Where("", "", "", Duration.ZERO, 0);

  /** One attempt at a backend. */
  public static Where at(String backend, String region) {
    return new Where(backend, region, "", Duration.ZERO, 1);
  }

  /** The same place, seen from a keyspace's call that took {@code elapsed}. */
  public Where in(String keyspace, Duration elapsed) {
    return new Where(backend, region, keyspace, elapsed, attempts);
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    append(text, "keyspace", keyspace);
    append(text, "backend", backend);
    append(text, "region", region);
    if (!elapsed.isZero()) {
      append(
          text,
          "elapsed",
          String.format(java.util.Locale.ROOT, "%.3f ms", elapsed.toNanos() / 1e6));
    }
    if (attempts > 0) {
      append(text, "attempts", Integer.toString(attempts));
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String name, String value) {
    if (!value.isEmpty()) {
      text.append(text.length() == 0 ? "" : ", ").append(name).append(": ").append(value);
    }
  }
}
