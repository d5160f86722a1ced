package dev.tiercel.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The scripts that run inside Redis, each on one key and its lease (and its wake), or on a
 * keyspace's clock and its groups. Their text is in the resources beside this class; the last
 * argument of each is the channel to publish changes on, or empty.
 */
@SuppressWarnings("ImmutableEnumChecker") // the arrays do not leave but to be sent
enum Script {
  /** Leases a key without a copy that is fresh enough. */
  LEASE,
  /** Stores an entry under a condition. */
  PUT,
  /** Stores what a loader found, under its lease. */
  FILL,
  /** Makes a lease last longer. */
  RENEW,
  /** Gives a lease back. */
  RELEASE,
  /** Drops a key and holds it off. */
  FORGET,
  /** Leaves a mark. */
  MARK,
  /** Raises a group's barrier. */
  BARRIER,
  /** Tells the barriers. */
  BARRIERS;

  private final byte[] text;
  private final byte[] digest;

  Script() {
    text = (resource("common") + '\n' + resource(name().toLowerCase(Locale.ROOT))).getBytes(UTF_8);
    digest = HexFormat.of().formatHex(sha1(text)).getBytes(UTF_8);
  }

  /** The whole script. */
  byte[] text() {
    return text;
  }

  /** The name Redis knows it by once it has seen it: its SHA-1 in hexadecimal. */
  byte[] digest() {
    return digest;
  }

  private static String resource(String name) {
    try (var stream = Script.class.getResourceAsStream(name + ".lua")) {
      if (stream == null) {
        throw new IllegalStateException(
            "script: " + name + ".lua is missing (expected: beside its class)");
      }
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static byte[] sha1(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
