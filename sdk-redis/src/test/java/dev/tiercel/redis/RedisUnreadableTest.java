package dev.tiercel.redis;

import static dev.tiercel.redis.Calls.outcome;
import static dev.tiercel.redis.Calls.value;
import static dev.tiercel.redis.Calls.writeOutcome;
import static dev.tiercel.redis.RedisConsole.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Condition;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.codec.Envelope;
import dev.tiercel.testing.RedisExtension;
import dev.tiercel.testing.UniqueName;
import dev.tiercel.testing.engine.RedisEngine;
import dev.tiercel.time.Version;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bytes that are not ours, or no longer: a miss with a reason, replaced by the next fill, in
 * nobody's way.
 */
@ExtendWith(RedisExtension.class)
class RedisUnreadableTest {

  private final RedisConsole console;
  private final RedisBackend backend;
  private final Calls calls;

  RedisUnreadableTest(RedisEngine redis) {
    console = new RedisConsole(redis.uri());
    backend = RedisBackend.connect(RedisOptions.of(redis.uri()));
    calls = new Calls(backend, UniqueName.of("unreadable"));
  }

  @AfterEach
  void close() {
    backend.close();
    console.close();
  }

  /** What somebody has left under a key, and what a reader says of it. */
  record Left(String what, String reason, Function<String, byte[]> in) {

    byte[] bytes(String keyspace) {
      return in.apply(keyspace);
    }

    @Override
    public String toString() {
      return what;
    }
  }

  static Stream<Left> strings() {
    return Stream.of(
        new Left("nothing but an empty string", "length", keyspace -> new byte[0]),
        new Left("a short string", "length", keyspace -> bytes("42")),
        new Left("a long string", "magic", keyspace -> bytes("x".repeat(500))),
        new Left("binary zeros", "magic", keyspace -> new byte[Envelope.HEAD_BYTES]),
        new Left("a format to come", "format", keyspace -> changed(keyspace, 2, 2)),
        new Left(
            "a head without its payload",
            "length",
            keyspace -> Arrays.copyOf(envelope(keyspace, "key"), Envelope.HEAD_BYTES)),
        new Left(
            "a damaged payload",
            "checksum",
            keyspace -> changed(keyspace, Envelope.HEAD_BYTES, 'X')),
        new Left(
            "a damaged version",
            "checksum",
            keyspace -> changed(keyspace, Envelope.VERSION_OFFSET, 0x7E)),
        new Left(
            "another key's envelope", "key digest", keyspace -> envelope(keyspace, "another key")),
        new Left(
            "another keyspace's envelope", "key digest", keyspace -> envelope("another", "key")));
  }

  @ParameterizedTest
  @MethodSource("strings")
  void read_isAMissWithAReason_andTheFillUnderItsLeaseReplacesIt(Left left) {
    console.commands().set(valueKey(), left.bytes(calls.keyspace()));

    var unasked = (ReadOutcome.Absent) outcome(calls.read("key"));
    var leased = (ReadOutcome.Absent) outcome(calls.readLeasing(List.of("key")));

    assertThat(unasked.unreadable()).isEqualTo(left.reason);
    assertThat(unasked.lease().granted()).isFalse();
    assertThat(leased.unreadable()).isEqualTo(left.reason);
    assertThat(leased.tombstone()).isNull();
    assertFills(leased.lease().token());
  }

  /**
   * What Redis can tell by itself; a damaged envelope only a reader can, whose lease then makes
   * room.
   */
  static Stream<Left> stringsThatScriptsTell() {
    return strings().filter(left -> !left.reason.equals("checksum"));
  }

  @ParameterizedTest
  @MethodSource("stringsThatScriptsTell")
  void put_isNotHinderedByIt(Left left) {
    for (var condition : List.of(Condition.IF_NEWER, Condition.IF_ABSENT)) {
      console.commands().set(valueKey(), left.bytes(calls.keyspace()));
      var put = new Mutation.Put("key", value("new", 1), condition);
      assertThat(writeOutcome(calls.write(List.of(put)))).isEqualTo(new WriteOutcome.Stored(1));
    }
    console.commands().set(valueKey(), left.bytes(calls.keyspace()));
    var exact = new Mutation.Put("key", value("new", 1), new Condition.IfVersion(Version.MAX));
    assertThat(writeOutcome(calls.write(List.of(exact)))).isEqualTo(new WriteOutcome.Rejected(0));
  }

  /** What is not even a string. */
  enum OtherType {
    LIST,
    HASH
  }

  private void leave(OtherType type) {
    if (type == OtherType.LIST) {
      console.commands().rpush(valueKey(), bytes("x"));
    } else {
      console.commands().hset(valueKey(), bytes("x"), bytes("y"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void read_anotherType_isAMissAndReplaced(OtherType type) {
    leave(type);

    assertThat(outcome(calls.read("key"))).isInstanceOf(ReadOutcome.Absent.class);
    var leased = (ReadOutcome.Absent) outcome(calls.readLeasing(List.of("key")));
    assertThat(leased.unreadable()).isEqualTo("type");
    assertFills(leased.lease().token());
  }

  @ParameterizedTest
  @EnumSource
  void write_anotherType_isReplaced(OtherType type) {
    leave(type);
    assertThat(writeOutcome(calls.put("key", value("new", 1))))
        .isEqualTo(new WriteOutcome.Stored(1));
    console.commands().del(valueKey());

    leave(type);
    var forget = new Mutation.Forget("key", java.time.Duration.ZERO);
    assertThat(writeOutcome(calls.write(List.of(forget)))).isEqualTo(new WriteOutcome.Stored(0));
    assertThat(console.commands().exists(valueKey())).isZero();
  }

  private void assertFills(long token) {
    var fill = new Mutation.Fill("key", value("filled", 1), new Condition.IfLease(token));
    assertThat(writeOutcome(calls.write(List.of(fill)))).isEqualTo(new WriteOutcome.Stored(1));
    assertThat(((ReadOutcome.Found) outcome(calls.read("key"))).entry())
        .isEqualTo(value("filled", 1));
  }

  private byte[] valueKey() {
    return KeyNames.value(calls.keyspace(), "key");
  }

  private static byte[] envelope(String keyspace, String key) {
    return Envelope.encode(keyspace, key, value("value", Version.MAX));
  }

  private static byte[] changed(String keyspace, int offset, int to) {
    var bytes = envelope(keyspace, "key");
    bytes[offset] = (byte) to;
    return bytes;
  }
}
