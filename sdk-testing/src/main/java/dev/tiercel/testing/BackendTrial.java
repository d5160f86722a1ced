package dev.tiercel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Freshness;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.error.InvalidRequest;
import dev.tiercel.testing.engine.Waiting;
import dev.tiercel.time.Time;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * What the parts of the {@link BackendContract} stand on: the backend on trial, and the words they
 * say it with.
 */
interface BackendTrial {

  /** Long enough that nothing which lasts so long ends within a test. */
  Duration LONG = Duration.ofSeconds(60);

  /** So short that a test waits for its end. */
  Duration SHORT = Duration.ofMillis(50);

  /** The codec id of entries where it does not matter. */
  int CODEC = 1;

  /** The backend on trial, in this test's keyspace. */
  BackendProbe probe();

  /** See {@link BackendContract#createAnother}; the backend on trial itself if there is none. */
  BackendProbe another();

  /** See {@link BackendContract#time}. */
  Time time();

  /** See {@link BackendContract#advance}. */
  void advance(Duration duration);

  /** See {@link BackendContract#store}. */
  void store(String keyspace, String key, byte[] payload);

  /** See {@link BackendContract#keepsKeyspacesApart}. */
  boolean keepsKeyspacesApart();

  /** See {@link BackendContract#compression}. */
  int compression();

  /** Whether the backend declares all of these. */
  default boolean can(Feature... features) {
    for (var feature : features) {
      if (!probe().can(feature)) {
        return false;
      }
    }
    return true;
  }

  /** Lets so much time pass, and waits until the backend has noticed. */
  default void awaitAfter(Duration duration, String what, BooleanSupplier condition) {
    advance(duration);
    if (!Waiting.until(condition, Duration.ofSeconds(10))) {
      throw new AssertionError(
          what + ": not after " + duration + " and 10 s more (expected: by then)");
    }
  }

  /** A value that never expires. */
  static EncodedEntry value(String text, long version) {
    return expiring(text, version, 0);
  }

  /** A value that expires at a wall-clock time. */
  static EncodedEntry expiring(String text, long version, long expiryMillis) {
    var payload = text.getBytes(StandardCharsets.UTF_8);
    return new EncodedEntry(payload, CODEC, 0, version, 0, 0, expiryMillis);
  }

  /** Answers of any age, of a version or a later one. */
  static Freshness atLeast(long version) {
    return new Freshness(version, Freshness.ANY.maxAge());
  }

  /** A tombstone that is kept for ever. */
  static EncodedEntry tombstone(long version) {
    return EncodedEntry.tombstone(version, 0, 0);
  }

  /** Puts unconditionally what must be stored. */
  default void given(String key, EncodedEntry entry) {
    assertStored(probe().put(key, entry, Condition.ALWAYS), entry.version());
  }

  /** The key must hold this value. */
  default void assertHolds(String key, EncodedEntry entry) {
    var found = probe().found(key);
    assertThat(found.payload()).isEqualTo(entry.payload());
    assertThat(found.version()).isEqualTo(can(Feature.VERSIONS) ? entry.version() : 0);
  }

  /** The mutation must have been applied; a backend without versions says version 0. */
  default void assertStored(WriteOutcome outcome, long version) {
    assertThat(outcome).isEqualTo(new WriteOutcome.Stored(can(Feature.VERSIONS) ? version : 0));
  }

  /** The mutation's condition must not have held. */
  default void assertRejected(WriteOutcome outcome, long storedVersion) {
    assertThat(outcome)
        .isEqualTo(new WriteOutcome.Rejected(can(Feature.VERSIONS) ? storedVersion : 0));
  }

  /** The mutation must have been refused as one the backend cannot do. */
  static void assertRefused(WriteOutcome outcome) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            WriteOutcome.Failed.class,
            failed -> assertThat(failed.cause()).isInstanceOf(InvalidRequest.class));
  }

  /** The read must have been refused as one the backend cannot do. */
  static void assertRefused(ReadOutcome outcome) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            ReadOutcome.Failed.class,
            failed -> assertThat(failed.cause()).isInstanceOf(InvalidRequest.class));
  }
}
