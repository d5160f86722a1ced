package dev.tiercel.redis;

import io.lettuce.core.RedisURI;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/** Addresses of Redis, which may hold credentials: what is refused is not shown. */
final class Address {

  private static final Set<String> SCHEMES = Set.of("redis", "rediss");

  private Address() {}

  /** Refuses what is not the address of a standalone Redis. */
  static void require(String name, URI uri) {
    Objects.requireNonNull(uri, name);
    if (uri.getScheme() == null
        || !SCHEMES.contains(uri.getScheme())
        || uri.getHost() == null
        || !isUnderstood(uri)) {
      // The URI itself may hold a password, and so may what its parser says.
      throw new IllegalArgumentException(
          name
              + ": not the address of a Redis (expected: redis://host[:port][/database] or rediss://...)");
    }
  }

  /** Scheme, host and port: all of the URI that may be shown. */
  static String shown(URI uri) {
    return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
  }

  /** What the client understands; a connection that is not ready in time is given up. */
  static RedisURI parse(URI uri, Duration connectTimeout) {
    var parsed = RedisURI.create(uri);
    parsed.setTimeout(connectTimeout);
    return parsed;
  }

  private static boolean isUnderstood(URI uri) {
    try {
      return RedisURI.create(uri) != null;
    } catch (RuntimeException refused) {
      return false;
    }
  }
}
