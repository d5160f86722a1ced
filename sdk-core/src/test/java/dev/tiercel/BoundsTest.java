package dev.tiercel;

import static dev.tiercel.Rig.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.backend.Feature;
import dev.tiercel.builtin.Backends;
import dev.tiercel.builtin.SourceWriter;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.error.CodecFailure;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.InvalidRequest;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.ServingException;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.StagedBackend;
import dev.tiercel.testing.StagedBackend.Point;
import dev.tiercel.tier.SourcePolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * G12: everything is bounded, and what is out of bounds is refused, typed, before any tier is
 * asked.
 */
class BoundsTest {

  private final Rig rig = new Rig(spec -> spec.maxValueBytes(10).maxBatchKeys(3));

  @AfterEach
  void close() {
    rig.close();
  }

  static Stream<ThrowingCallable> badCalls() {
    var keyspace = new BoundsTest().rig.keyspace;
    var long4097 = "k".repeat(4097);
    return Stream.of(
        () -> keyspace.get(null),
        () -> keyspace.get(""),
        () -> keyspace.get(long4097),
        () -> keyspace.get("unpaired \uD800 surrogate"),
        () -> keyspace.put("key", null),
        () -> keyspace.put("key", "eleven bytes"),
        () -> keyspace.put("", "value"),
        () -> keyspace.getAll(null),
        () -> keyspace.getAll(Arrays.asList("a", null)),
        () -> keyspace.getAll(List.of("a", "b", "c", "d")),
        () -> keyspace.putAll(null),
        () -> keyspace.putAll(Map.of("a", "1", "b", "2", "c", "3", "d", "4")),
        () -> keyspace.remove(null),
        () -> keyspace.removeAll(Arrays.asList("a", null)),
        () -> keyspace.expire(""),
        () -> keyspace.update("key", null),
        () -> keyspace.update("key", present -> null),
        () -> keyspace.update("key", present -> {
          throw new IllegalStateException("no");
        }));
  }

  @ParameterizedTest
  @MethodSource("badCalls")
  void badCall_isAnInvalidRequestThatNamesTheKeyspaceAndNoValue(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("(expected: ")
        .hasMessageContaining("keyspace: features")
        .hasMessageNotContaining("eleven bytes");
  }

  @Test
  void badInput_asksNoTier() {
    assertThatThrownBy(() -> rig.keyspace.put("key", "eleven bytes"))
        .isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> rig.keyspace.get("")).isInstanceOf(InvalidRequest.class);

    assertThat(rig.remote.keysRead()).isEmpty();
    assertThat(rig.source.keysRead()).isEmpty();
    assertThat(rig.source.mutations()).isEmpty();
  }

  @Test
  void options_outOfBounds_areRefused() {
    assertThatThrownBy(() -> ReadOptions.defaults().maxStaleness(Duration.ofMillis(-1)))
        .hasMessage("maxStaleness: PT-0.001S (expected: zero or more)");
    assertThatThrownBy(() -> ReadOptions.defaults().atLeast(-1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> WriteOptions.defaults().ttl(Duration.ZERO))
        .hasMessage("ttl: PT0S (expected: 1 ms or more)");
  }

  @Test
  void deadlineThatHasPassed_asksNoTier() {
    for (var timeout : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
      assertThat(failureOf(rig.async.get("key", ReadOptions.defaults().deadline(timeout))))
          .isInstanceOf(DeadlineExceeded.class);
      assertThat(
              failureOf(rig.async.put("key", "value", WriteOptions.defaults().deadline(timeout))))
          .isInstanceOf(DeadlineExceeded.class);
    }
    assertThat(rig.source.keysRead()).isEmpty();
    assertThat(rig.source.mutations()).isEmpty();
  }

  @Test
  void absurdTtlAndDeadline_doNotOverflow() {
    var forAges = Duration.ofSeconds(Long.MAX_VALUE);
    rig.keyspace.put("key", "value", WriteOptions.defaults().ttl(forAges).deadline(forAges));

    assertThat(
            rig.keyspace.get("key", ReadOptions.defaults().deadline(forAges).maxStaleness(forAges)))
        .isEqualTo("value");
    assertThat(rig.anotherProcess().get("key")).isEqualTo("value");
  }

  @Test
  void callsInFlight_onePastTheBound_isRefusedAtOnceAndLaterOnesServed() {
    var time = new FakeTime();
    var source = new StagedBackend(Backends.inMemoryStore(1 << 20, time));
    try (var client = ServingClient.builder()
        .time(time)
        .executor(Runnable::run)
        .maxInFlight(2)
        .build()) {
      var spec = KeyspaceSpec.builder("k", KeyFormat.string(), Codecs.utf8())
          .source(source)
          .build();
      var async = client.keyspace(spec).async();
      var held = source.holdReads(Point.REQUEST);
      var first = async.get("a");
      var second = async.get("b");

      assertThat(failureOf(async.get("c")))
          .isInstanceOf(Overloaded.class)
          .hasMessageContaining("calls in flight: 2");
      held.release();
      assertThat(first).isCompletedWithValue(null);
      assertThat(second).isCompletedWithValue(null);
      source.pass();
      assertThat(async.get("c")).isCompletedWithValue(null);
    }
  }

  @Test
  void readsWaitingForTheSource_onePastTheBound_isRefusedAtOnce() {
    try (var bounded =
        new Rig(Backends.inMemoryStore(1 << 20, new FakeTime()), Rig.withoutLocalTier())) {
      var narrow = bounded.process(
          bounded.time,
          spec -> spec.source(bounded.source, SourcePolicy.defaults().maxInFlight(8)));
      var held = bounded.source.holdReads(Point.REQUEST);
      var reads =
          IntStream.range(0, 17).mapToObj(i -> narrow.async().get("k" + i)).toList();

      assertThat(failureOf(reads.get(16))).isInstanceOf(Overloaded.class);
      held.release();
      assertThat(reads.subList(0, 16))
          .allSatisfy(read -> assertThat(read).isCompletedWithValue(null));
    }
  }

  @Test
  void valueThatCannotBeEncoded_isACodecFailureAndNothingIsWritten() {
    assertThatThrownBy(() -> rig.keyspace.put("key", "\uD800")).isInstanceOf(CodecFailure.class);
    assertThat(rig.source.mutations()).isEmpty();
  }

  @Test
  void batchOfBadAndGoodKeys_failsTheBadOnly() {
    var result = rig.keyspace.putAll(Map.of("good", "value", "fat", "eleven bytes"));

    assertThat(result.versions()).containsOnlyKeys("good");
    assertThat(result.failed().get("fat")).isInstanceOf(InvalidRequest.class);
  }

  @Test
  void backendThatCannotDoItsPart_isRefusedAtAssembly() {
    var time = new FakeTime();
    var readOnly = Backends.readOnly(Backends.inMemoryCache(1 << 20, time));
    var source = Backends.inMemoryStore(1 << 20, time);
    try (var client = ServingClient.builder().time(time).build()) {
      var spec = KeyspaceSpec.builder("k", KeyFormat.string(), Codecs.utf8())
          .remote(readOnly)
          .source(source)
          .build();
      assertThatThrownBy(() -> client.keyspace(spec))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("remote: memory-cache without LEASES (expected: with it)");
    }
  }

  @Test
  void sourceThatCannotDoWhatACallAsksFor_isRefusedBeforeIt() {
    var source = Backends.readOnly(Backends.inMemoryStore(1 << 20, new FakeTime()));
    assertThat(source.capabilities().has(Feature.WRITE)).isFalse();
    try (var readOnly = new Rig(source, spec -> spec)) {
      assertThatThrownBy(() -> readOnly.keyspace.put("key", "value"))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("source: memory without WRITE (expected: with it)");
      assertThat(readOnly.source.mutations()).isEmpty();
    }
  }

  @Test
  void ttlAtASourceThatKeepsNoExpiry_isRefused() {
    var writable = Backends.loadingAsync(
            KeyFormat.string(), Codecs.utf8(), keys -> CompletableFuture.completedFuture(Map.of()))
        .writing(
            new SourceWriter<String, String>() {
              @Override
              public void put(String key, String value) {}

              @Override
              public void remove(String key) {}
            },
            Runnable::run);
    try (var functional = new Rig(writable, spec -> spec)) {
      var options = WriteOptions.defaults().ttl(Duration.ofHours(1));
      assertThatThrownBy(() -> functional.keyspace.put("key", "value", options))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("without EXPIRY");
      assertThat(functional.keyspace.put("key", "value")).isZero();
    }
  }

  @Test
  void specWithoutASourceOrWithABadName_isRefused() {
    var nameless = (ThrowingCallable)
        () -> KeyspaceSpec.builder("no spaces", KeyFormat.string(), Codecs.utf8());
    assertThatThrownBy(nameless).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> KeyspaceSpec.builder("k", KeyFormat.string(), Codecs.utf8()).build())
        .hasMessage("source: none (expected: a backend)");
  }

  @Test
  void nameInUse_isRefused() {
    try (var client = ServingClient.create()) {
      var spec = KeyspaceSpec.builder("k", KeyFormat.string(), Codecs.utf8())
          .source(Backends.inMemoryStore(1 << 20, new FakeTime()))
          .build();
      client.keyspace(spec);
      assertThatThrownBy(() -> client.keyspace(spec))
          .hasMessage("keyspace: k (expected: a name not in use)");
    }
  }

  @Test
  void everyFailure_isOfTheClosedVocabulary() {
    assertThat(failureOf(rig.async.get("key", ReadOptions.defaults().deadline(Duration.ZERO))))
        .isInstanceOf(ServingException.class);
  }
}
