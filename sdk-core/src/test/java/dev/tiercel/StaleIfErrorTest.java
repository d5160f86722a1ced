package dev.tiercel;

import static dev.tiercel.Rig.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Staleness;
import dev.tiercel.backend.Tier;
import dev.tiercel.builtin.Backends;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.error.CodecFailure;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.tier.LocalPolicy;
import dev.tiercel.tier.RemotePolicy;
import dev.tiercel.tier.TtlPolicy;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What is over may still be served, labelled, if the source fails: within its bound, and never what
 * is known to be old.
 */
class StaleIfErrorTest {

  private static final Duration TTL = Duration.ofSeconds(10);
  private static final Duration BOUND = Duration.ofSeconds(30);

  private static final ReadOptions CONSISTENT = ReadOptions.defaults().maxStaleness(Duration.ZERO);

  private final Rig rig = new Rig();
  private final Keyspace<String, String> keyspace = rig.process(this::lenient);
  private final AsyncKeyspace<String, String> async = keyspace.async();
  private final Keyspace<String, String> other = rig.process(this::lenient);

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void sourceFails_whatIsOverIsServedLabelled() {
    load("key");
    rig.source.failReads(Rig.down());
    rig.time.advance(TTL);

    assertThat(keyspace.getEntry("key"))
        .isEqualTo(new Entry<>("old", 1, Tier.LOCAL, "", TTL, Staleness.ERROR));
  }

  @Test
  void sourceIsBack_isAskedAgain() {
    load("key");
    rig.source.failReads(Rig.down());
    rig.time.advance(TTL);
    assertThat(keyspace.getEntry("key").staleness()).isEqualTo(Staleness.ERROR);
    rig.source.pass();
    rig.writeAtSource("key", "new", 2);

    assertThat(keyspace.getEntry("key")).satisfies(entry -> {
      assertThat(entry.value()).isEqualTo("new");
      assertThat(entry.staleness()).isEqualTo(Staleness.FRESH);
    });
  }

  @Test
  void pastItsBound_theFailureIsTold() {
    load("key");
    rig.source.failReads(Rig.down());
    rig.time.advance(TTL.plus(BOUND).minusNanos(1));
    assertThat(keyspace.getEntry("key").staleness()).isEqualTo(Staleness.ERROR);

    rig.time.advance(Duration.ofNanos(1));
    assertThat(failureOf(async.get("key"))).isInstanceOf(Unavailable.class);
  }

  @Test
  void neverPastMaxStaleness() {
    var strict = rig.process(spec -> lenient(spec).maxStaleness(Duration.ofSeconds(15)));
    rig.writeAtSource("key", "old", 1);
    assertThat(strict.get("key")).isEqualTo("old");
    rig.source.failReads(Rig.down());
    rig.time.advance(Duration.ofSeconds(15).minusNanos(1));
    assertThat(strict.getEntry("key").staleness()).isEqualTo(Staleness.ERROR);

    rig.time.advance(Duration.ofNanos(1));
    assertThat(failureOf(strict.async().get("key"))).isInstanceOf(Unavailable.class);
  }

  @Test
  void neverPastTheValuesOwnEnd() {
    keyspace.put("key", "value", WriteOptions.defaults().ttl(Duration.ofSeconds(5)));
    rig.source.failReads(Rig.down());
    rig.time.advance(Duration.ofSeconds(5));

    assertThat(failureOf(async.get("key"))).isInstanceOf(Unavailable.class);
  }

  @Test
  void byDefault_nothingStaleIsServed() {
    rig.writeAtSource("key", "old", 1);
    assertThat(rig.keyspace.get("key")).isEqualTo("old");
    rig.source.failReads(Rig.down());
    rig.time.advance(Duration.ofMinutes(1));
    rig.dropAtRemote("key");

    assertThat(failureOf(rig.async.get("key"))).isInstanceOf(Unavailable.class);
  }

  @Test
  void byDefault_nothingThatWasExpiredIsServed() {
    rig.writeAtSource("key", "old", 1);
    assertThat(rig.keyspace.get("key")).isEqualTo("old");
    rig.keyspace.expire("key");
    rig.source.failReads(Rig.down());
    rig.remote.failReads(Rig.down());

    assertThat(failureOf(rig.async.get("key"))).isInstanceOf(Unavailable.class);
  }

  @Test
  void loadsThatFailElsewhere_leaveWhatIsHere() {
    load("key");
    // From the source, since a copy from the remote tier ends with the one it was made of.
    assertThat(other.get("key", CONSISTENT)).isEqualTo("old");
    rig.source.failReads(Rig.down());
    rig.time.advance(TTL);

    assertThat(other.getEntry("key").staleness()).isEqualTo(Staleness.ERROR);
    assertThat(keyspace.getEntry("key").staleness()).isEqualTo(Staleness.ERROR);
    assertThat(other.getEntry("key").staleness()).isEqualTo(Staleness.ERROR);
  }

  @Test
  void sourceWithoutVersionsFails_whatIsOverIsServedToo() {
    var function = Backends.loading(
        KeyFormat.string(), Codecs.utf8(), keys -> Map.of("key", "old"), Runnable::run);
    try (var plain = new Rig(function, spec -> spec)) {
      var process = plain.process(spec -> lenient(spec, plain));
      assertThat(process.get("key")).isEqualTo("old");
      plain.source.failReads(Rig.down());
      plain.time.advance(TTL);

      assertThat(process.getEntry("key").staleness()).isEqualTo(Staleness.ERROR);
      assertThat(process.getEntry("key").staleness()).isEqualTo(Staleness.ERROR);
    }
  }

  @Test
  void afterARemove_theValueIsNotServed() {
    load("key");
    keyspace.remove("key");
    rig.source.failReads(Rig.down());
    rig.remote.failReads(Rig.down());
    rig.time.advance(TTL);

    assertThat(async.get("key")).isCompletedWithValue(null);
  }

  @Test
  void afterARemoveByAnother_theValueIsNotServed() {
    load("key");
    other.remove("key");
    rig.source.failReads(Rig.down());
    rig.remote.failReads(Rig.down());

    assertThat(failureOf(async.get("key"))).isInstanceOf(Unavailable.class);
  }

  @Test
  void afterAPutByAnother_theOldValueIsNotServed() {
    load("key");
    other.put("key", "new");
    rig.source.failReads(Rig.down());
    rig.remote.failReads(Rig.down());

    assertThat(failureOf(async.get("key"))).isInstanceOf(Unavailable.class);
  }

  @Test
  void afterAnExpireByThisProcess_isServed() {
    load("key");
    keyspace.expire("key");
    rig.source.failReads(Rig.down());

    assertThat(keyspace.getEntry("key")).satisfies(entry -> {
      assertThat(entry.value()).isEqualTo("old");
      assertThat(entry.staleness()).isEqualTo(Staleness.ERROR);
    });
  }

  @Test
  void afterItsGroupWasExpired_isNotServed() {
    load("key");
    rig.time.advance(TTL);
    other.expireAll();
    rig.source.failReads(Rig.down());

    assertThat(failureOf(async.get("key"))).isInstanceOf(Unavailable.class);
  }

  @Test
  void unreadableAtTheSource_isTold() {
    load("key");
    rig.time.advance(TTL);
    rig.writeBytes(rig.source, "key", new byte[] {(byte) 0xFF}, 2);

    assertThat(failureOf(async.get("key"))).isInstanceOf(CodecFailure.class);
    rig.source.failReads(new CodecFailure("record: no value", Where.NOWHERE, null));
    assertThat(failureOf(async.get("key"))).isInstanceOf(CodecFailure.class);
  }

  @Test
  void consistentReader_isTold() {
    load("key");
    keyspace.expire("key");
    rig.source.failReads(Rig.down());

    // However young it is.
    assertThat(failureOf(async.get("key", CONSISTENT))).isInstanceOf(Unavailable.class);
  }

  @Test
  void readerWhoAsksForMore_isServedOnlyWhatIsEnough() {
    load("key");
    rig.time.advance(TTL);
    rig.source.failReads(Rig.down());
    var options = ReadOptions.defaults();

    assertThat(failureOf(async.get("key", options.atLeast(2)))).isInstanceOf(Unavailable.class);
    assertThat(failureOf(async.get("key", options.maxStaleness(TTL.minusMillis(1)))))
        .isInstanceOf(Unavailable.class);
    assertThat(async.get("key", options.atLeast(1))).isCompletedWithValue("old");
    assertThat(async.get("key", options.maxStaleness(TTL))).isCompletedWithValue("old");
  }

  private void load(String key) {
    rig.writeAtSource(key, "old", 1);
    assertThat(keyspace.get(key)).isEqualTo("old");
  }

  private KeyspaceSpec.Builder<String, String> lenient(KeyspaceSpec.Builder<String, String> spec) {
    return lenient(spec, rig);
  }

  private static KeyspaceSpec.Builder<String, String> lenient(
      KeyspaceSpec.Builder<String, String> spec, Rig of) {
    return spec.local(LocalPolicy.defaults().ttl(TTL))
        .remote(of.remote, RemotePolicy.defaults().ttl(TTL))
        .ttls(TtlPolicy.defaults().staleIfError(BOUND).jitter(0));
  }
}
