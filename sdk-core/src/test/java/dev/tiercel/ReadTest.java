package dev.tiercel;

import static dev.tiercel.Rig.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.Staleness;
import dev.tiercel.backend.Tier;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.builtin.Backends;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.error.CodecFailure;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.InvalidRequest;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.testing.StagedBackend;
import dev.tiercel.testing.StagedBackend.Point;
import dev.tiercel.tier.RemotePolicy;
import dev.tiercel.time.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * How a read falls through the tiers, and what it promises about age, order, errors and its end.
 */
class ReadTest {

  private static final ReadOptions CONSISTENT = ReadOptions.defaults().maxStaleness(Duration.ZERO);

  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void get_fallsThroughToTheSourceAndFillsEveryTier() {
    rig.writeAtSource("key", "value", 7);

    assertThat(rig.keyspace.getEntry("key").tier()).isEqualTo(Tier.SOURCE);
    assertThat(rig.keyspace.getEntry("key").tier()).isEqualTo(Tier.LOCAL);
    assertThat(rig.anotherProcess().getEntry("key").tier()).isEqualTo(Tier.REMOTE);
    assertThat(rig.source.keysRead()).containsExactly("key");
  }

  @Test
  void get_keyWithoutAValue_isNull() {
    assertThat(rig.keyspace.get("key")).isNull();
    assertThat(rig.keyspace.getEntry("key")).isNull();
  }

  @Test
  void manyReadersOfAMissingKey_shareOneLoad() {
    rig.writeAtSource("key", "value", 1);
    var load = rig.source.holdReads(Point.REQUEST);
    var readers = IntStream.range(0, 1000).mapToObj(i -> rig.async.get("key")).toList();
    load.release();

    assertThat(readers).allSatisfy(reader -> assertThat(reader).isCompletedWithValue("value"));
    assertThat(rig.source.keysRead()).containsExactly("key");
    assertThat(rig.remote.keysRead()).containsExactly("key");
  }

  @Test
  void readerThatOpenedTheLoad_isCancelled_theOthersGetTheirAnswer() {
    rig.writeAtSource("key", "value", 1);
    var load = rig.source.holdReads(Point.REQUEST);
    var first = rig.async.get("key");
    var second = rig.async.get("key");

    first.cancel(true);
    load.release();

    assertThat(second).isCompletedWithValue("value");
    assertThat(rig.source.keysRead()).containsExactly("key");
  }

  @Test
  void everyReaderIsCancelled_theLoadIsToo() {
    var load = rig.source.holdReads(Point.REQUEST);
    var first = rig.async.get("key");
    var second = rig.async.get("key");

    first.cancel(true);
    assertThat(load.cancelled()).isZero();
    second.cancel(true);

    assertThat(load.cancelled()).isEqualTo(1);
  }

  @Test
  void readerWithLessTime_failsAloneAndTheLoadGoesOn() {
    rig.writeAtSource("key", "value", 1);
    var load = rig.source.holdReads(Point.REQUEST);
    var hurried = rig.async.get("key", ReadOptions.defaults().deadline(Duration.ofMillis(10)));
    var patient = rig.async.get("key");

    rig.time.advance(Duration.ofMillis(15));
    assertThat(failureOf(hurried)).isInstanceOf(DeadlineExceeded.class);
    load.release();

    assertThat(patient).isCompletedWithValue("value");
    assertThat(rig.source.keysRead()).containsExactly("key");
  }

  @Test
  void readerWithMoreTimeThanTheLoadItJoined_startsAnew() {
    rig.writeAtSource("key", "value", 1);
    rig.source.holdReads(Point.REQUEST);
    var first = rig.async.get("key");
    rig.time.advance(Duration.ofMillis(100));
    var patient = rig.async.get("key", ReadOptions.defaults().deadline(Duration.ofSeconds(10)));
    rig.source.pass();
    rig.time.advance(Duration.ofMillis(200));

    assertThat(patient).isCompletedWithValue("value");
    // By then there is something to serve the other as well.
    assertThat(first).isCompletedWithValue("value");
  }

  @Test
  void everyTierSilent_endsByTheDeadlineTyped() {
    rig.remote.holdReads(Point.REQUEST);
    rig.source.holdReads(Point.REQUEST);
    var read = rig.async.get("key");
    var write = rig.async.expire("key");
    rig.time.advance(Rig.DEADLINE.minusMillis(1));
    assertThat(read).isNotDone();

    rig.time.advance(Duration.ofMillis(5));

    assertThat(failureOf(read)).isInstanceOfSatisfying(DeadlineExceeded.class, late -> {
      assertThat(late.where().keyspace()).isEqualTo(Rig.NAME);
      assertThat(late.where().backend()).isEqualTo("memory");
      assertThat(late.where().elapsed()).isBetween(Rig.DEADLINE, Rig.DEADLINE.plusMillis(5));
    });
    assertThat(write).isCompleted();
    assertThat(rig.time.pendingTimers()).isZero();
  }

  @Test
  void remoteTierSilent_isAskedForHalfOfTheTimeAndTheSourceForTheRest() {
    rig.writeAtSource("key", "value", 1);
    rig.remote.holdReads(Point.REQUEST);
    var read = rig.async.get("key", ReadOptions.defaults().deadline(Duration.ofMillis(40)));
    var shared = rig.async.get("other");
    rig.time.advance(Duration.ofMillis(50));

    assertThat(shared).isCompletedWithValue(null);
    assertThat(rig.events.tierFailures).isNotEmpty().allMatch(DeadlineExceeded.class::isInstance);
    assertThat(read).isCompletedWithValue("value");
  }

  @Test
  void batch_oneKeyHangsAtTheSource_theOthersAreAnsweredWithinTheirDeadline() {
    rig.writeAtSource("a", "1", 1);
    assertThat(rig.anotherProcess().get("a")).isEqualTo("1");
    rig.source.holdReads(Point.REQUEST);
    var soon = ReadOptions.defaults().deadline(Duration.ofMillis(50));
    var batch = rig.async.getAll(List.of("a", "b"), soon);
    rig.time.advance(Duration.ofMillis(55));

    assertThat(batch).isCompleted();
    assertThat(batch.join().values()).containsExactly(Map.entry("a", "1"));
    assertThat(batch.join().failed().get("b")).isInstanceOf(DeadlineExceeded.class);
  }

  @Test
  void keyFormatThatFailsOnceTheLoadIsOpened_leavesNoLoadBehind() {
    var writes = new int[1];
    var moody = KeyFormat.<String>of(
        key -> {
          if (++writes[0] == 2) {
            throw new IllegalStateException("not now");
          }
          return key;
        },
        text -> text);
    try (var client =
        ServingClient.builder().time(rig.time).executor(Runnable::run).build()) {
      var async = client
          .keyspace(KeyspaceSpec.builder("moody", moody, Codecs.utf8())
              .source(rig.source)
              .build())
          .async();

      assertThat(failureOf(async.get("key"))).isInstanceOf(InvalidRequest.class);
      assertThat(async.get("key")).isCompletedWithValue(null);
    }
  }

  @Test
  void entry_isNeverOlderThanMaxStaleness_whicheverTierAnswers() {
    try (var strict = new Rig(spec -> spec.maxStaleness(Duration.ofSeconds(10)))) {
      strict.writeAtSource("key", "old", 1);
      assertThat(strict.keyspace.get("key")).isEqualTo("old");
      strict.writeAtSource("key", "new", 2);

      strict.time.advance(Duration.ofMillis(9_999));
      assertThat(strict.keyspace.getEntry("key"))
          .isEqualTo(
              new Entry<>("old", 1, Tier.LOCAL, "", Duration.ofMillis(9_999), Staleness.FRESH));
      strict.time.advance(Duration.ofMillis(1));

      assertThat(strict.keyspace.get("key")).isEqualTo("new");
      assertThat(strict.remoteValue("key")).isEqualTo("new");
    }
  }

  @Test
  void localCopyOfARemoteEntry_carriesItsAgeOn() {
    try (var strict = new Rig(spec -> spec.maxStaleness(Duration.ofSeconds(10)))) {
      strict.writeAtSource("key", "old", 1);
      assertThat(strict.keyspace.get("key")).isEqualTo("old");
      strict.time.advance(Duration.ofSeconds(6));
      var other = strict.process(strict.time, spec -> spec.maxStaleness(Duration.ofSeconds(10)));
      assertThat(other.getEntry("key").age()).isEqualTo(Duration.ofSeconds(6));
      strict.writeAtSource("key", "new", 2);

      strict.time.advance(Duration.ofSeconds(4));
      assertThat(other.get("key")).isEqualTo("new");
    }
  }

  @Test
  void maxStaleness_ofOneCall_isMetByTheNextTierThatCan() {
    rig.writeAtSource("key", "old", 1);
    assertThat(rig.keyspace.get("key")).isEqualTo("old");
    rig.writeAtSource("key", "new", 2);
    rig.time.advance(Duration.ofSeconds(2));

    assertThat(rig.keyspace.get("key", ReadOptions.defaults().maxStaleness(Duration.ofSeconds(3))))
        .isEqualTo("old");
    assertThat(rig.keyspace.get("key", ReadOptions.defaults().maxStaleness(Duration.ofSeconds(1))))
        .isEqualTo("new");
    assertThat(rig.keyspace.get("key")).isEqualTo("new");
  }

  @Test
  void maxStalenessZero_asksTheSourceConsistently() {
    rig.writeAtSource("key", "old", 1);
    assertThat(rig.keyspace.get("key")).isEqualTo("old");
    rig.writeAtSource("key", "new", 2);

    assertThat(rig.keyspace.getEntry("key", CONSISTENT).tier()).isEqualTo(Tier.SOURCE);
    assertThat(rig.keyspace.get("key")).isEqualTo("new");
  }

  @Test
  void reader_whoHasSeenANewerVersion_neverGoesBack() {
    rig.writeAtSource("key", "old", 1);
    var slow = rig.source.holdReads(Point.ANSWER);
    var early = rig.async.get("key");
    rig.source.pass();
    rig.writeAtSource("key", "new", 2);
    assertThat(rig.keyspace.get("key", CONSISTENT)).isEqualTo("new");

    slow.release();

    assertThat(early).isCompletedWithValue("new");
    assertThat(rig.keyspace.get("key")).isEqualTo("new");
  }

  @Test
  void recordThatIsGoneWithoutATrace_isGoneFromTheCachesOnceAReaderKnows() {
    var function = new HashMap<String, String>(Map.of("key", "value"));
    var records = Backends.loadingAsync(KeyFormat.string(), Codecs.utf8(), keys -> {
      var found = new HashMap<String, String>();
      keys.forEach(key -> found.computeIfAbsent(key, function::get));
      return CompletableFuture.completedFuture(found);
    });
    try (var unversioned = new Rig(records, spec -> spec)) {
      assertThat(unversioned.keyspace.get("key")).isEqualTo("value");
      function.clear();

      assertThat(unversioned.keyspace.get("key", CONSISTENT)).isNull();
      assertThat(unversioned.keyspace.get("key")).isNull();
      assertThat(unversioned.remoteValue("key")).isNull();
    }
  }

  @Test
  void decodingThatFailsHard_isAMissInTheRemoteTierAndTheReadEnds() {
    var damaged = new String[] {"damaged"};
    var codec = Codecs.<String>of(1000, value -> value.getBytes(StandardCharsets.UTF_8), bytes -> {
      var text = new String(bytes, StandardCharsets.UTF_8);
      if (text.equals(damaged[0])) {
        throw new StackOverflowError();
      }
      return text;
    });
    try (var client =
        ServingClient.builder().time(rig.time).executor(Runnable::run).build()) {
      var keyspace = client.keyspace(KeyspaceSpec.builder(Rig.NAME, KeyFormat.string(), codec)
          .remote(rig.remote)
          .source(rig.source)
          .build());
      storeBytes(rig.source, "key", "value".getBytes(StandardCharsets.UTF_8), 1000);
      storeBytes(rig.remote, "key", "damaged".getBytes(StandardCharsets.UTF_8), 1000);

      assertThat(keyspace.get("key")).isEqualTo("value");
    }
  }

  @Test
  void listenerThatFailsHard_harmsNoCallAndLeaksNothing() {
    var deaf = new ServingListener() {
      @Override
      public void onSourceLoad(String keyspace, int keys) {
        throw new NoSuchMethodError("metrics");
      }
    };
    try (var client = ServingClient.builder()
        .time(rig.time)
        .executor(Runnable::run)
        .listener(deaf)
        .maxInFlight(1)
        .build()) {
      var keyspace =
          client.keyspace(KeyspaceSpec.builder(Rig.NAME, KeyFormat.string(), Codecs.utf8())
              .source(rig.source)
              .build());
      rig.writeAtSource("key", "value", 1);

      assertThat(keyspace.get("key", CONSISTENT)).isEqualTo("value");
      assertThat(keyspace.get("key", CONSISTENT)).isEqualTo("value");
    }
  }

  @Test
  void batch_everyKeyIsFoundAbsentOrFailedAndAskedOnce() {
    rig.writeAtSource("a", "1", 1);
    rig.writeAtSource("c", "3", 1);
    assertThat(rig.keyspace.get("a")).isEqualTo("1");

    var result = rig.keyspace.getAll(List.of("c", "a", "b", "", "c"));

    assertThat(result.values()).containsExactly(Map.entry("c", "3"), Map.entry("a", "1"));
    assertThat(result.absent()).containsExactly("b");
    assertThat(result.failed()).containsOnlyKeys("");
    assertThat(rig.source.keysRead()).containsExactly("a", "c", "b");
    assertThat(rig.remote.keysRead()).containsExactly("a", "c", "b");
    assertThat(rig.events.sourceLoads).containsExactly(1, 2);
  }

  @Test
  void strictBatch_isOneRequestToo() {
    IntStream.range(0, 5).forEach(i -> rig.writeAtSource("k" + i, "v", 1));
    var keys = IntStream.range(0, 5).mapToObj(i -> "k" + i).toList();
    assertThat(rig.keyspace.getAll(keys).values()).hasSize(5);
    rig.time.advance(Duration.ofSeconds(2));

    var strict = ReadOptions.defaults().maxStaleness(Duration.ofSeconds(1));
    assertThat(rig.keyspace.getAll(keys, strict).values()).hasSize(5);
    assertThat(rig.events.sourceLoads).containsExactly(5, 5);
  }

  @Test
  void batch_oneUndecodableRecordAtTheSource_failsItsKeyOnly() {
    rig.writeAtSource("good", "value", 1);
    storeBytes(rig.source, "bad", new byte[] {(byte) 0xFF}, Codecs.utf8().id());

    var result = rig.keyspace.getAll(List.of("good", "bad"));

    assertThat(result.values()).containsExactly(Map.entry("good", "value"));
    assertThat(result.failed()).containsOnlyKeys("bad");
    assertThat(result.failed().get("bad")).isInstanceOf(CodecFailure.class);
    assertThatThrownBy(() -> result.get("bad")).isInstanceOf(CodecFailure.class);
  }

  @Test
  void copyInTheRemoteTierThatCannotBeDecoded_isAMissAndReplaced() {
    rig.writeAtSource("key", "value", 1);
    storeBytes(rig.remote, "key", new byte[] {(byte) 0xFF}, Codecs.utf8().id());

    assertThat(rig.keyspace.get("key")).isEqualTo("value");
    assertThat(rig.events.unreadable).containsExactly("REMOTE: value");
    assertThat(rig.remoteValue("key")).isNull();
    assertThat(rig.anotherProcess().get("key")).isEqualTo("value");
    assertThat(rig.remoteValue("key")).isEqualTo("value");
  }

  @Test
  void copyOfAnotherCodec_isAMissAndReplaced() {
    rig.writeAtSource("key", "value", 1);
    storeBytes(rig.remote, "key", "looks fine".getBytes(StandardCharsets.UTF_8), 4711);

    assertThat(rig.keyspace.get("key")).isEqualTo("value");
    assertThat(rig.events.unreadable).containsExactly("REMOTE: value");
  }

  @Test
  void remoteTierFails_theSourceAnswersAndTheFailureIsNoMiss() {
    rig.writeAtSource("key", "value", 1);
    rig.remote.failReads(down());

    assertThat(rig.keyspace.getEntry("key").tier()).isEqualTo(Tier.SOURCE);
    assertThat(rig.events.tierFailures).hasSize(1);
  }

  @Test
  void remoteTierFails_onlySoManyKeysGoPastItAtOnce() {
    try (var bounded = new Rig(
        spec -> spec.remote(new DownCache(rig), RemotePolicy.defaults().maxFallbackKeys(3)))) {
      IntStream.range(0, 5).forEach(i -> bounded.writeAtSource("k" + i, "v" + i, 1));
      var load = bounded.source.holdReads(Point.REQUEST);
      var reads = new ArrayList<CompletableFuture<String>>();
      IntStream.range(0, 5).forEach(i -> reads.add(bounded.async.get("k" + i)));

      assertThat(reads.subList(3, 5))
          .allSatisfy(read -> assertThat(failureOf(read)).isInstanceOf(Overloaded.class));
      assertThat(reads.subList(0, 3)).noneMatch(CompletableFuture::isDone);
      load.release();
      assertThat(reads.subList(0, 3)).allMatch(CompletableFuture::isDone);
      assertThat(bounded.async.get("k4")).isCompletedWithValue("v4");
    }
  }

  @Test
  void sourceFails_isAFailureAndNotAnAbsence() {
    rig.source.failReads(down());

    assertThatThrownBy(() -> rig.keyspace.get("key")).isInstanceOf(Unavailable.class);
    rig.source.pass();
    rig.writeAtSource("key", "value", 1);
    assertThat(rig.keyspace.get("key")).isEqualTo("value");
  }

  @Test
  void sourceThatAnswersForTooFewKeys_isAFailure() {
    var rude = new RudeBackend();
    try (var odd = new Rig(rude, spec -> spec)) {
      assertThatThrownBy(() -> odd.keyspace.get("key"))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("outcomes: 0 (expected: 1)");
      rude.thrown = new IllegalStateException("no such luck");
      assertThatThrownBy(() -> odd.keyspace.get("key"))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("IllegalStateException")
          .hasMessageNotContaining("no such luck");
    }
  }

  private void storeBytes(StagedBackend tier, String key, byte[] bytes, int codec) {
    var entry = new EncodedEntry(bytes, codec, 0, 1, rig.time.millis(), 0, 0);
    var put = new Mutation.Put(key, entry, Condition.ALWAYS);
    var context = CallContext.of(Deadline.after(Duration.ofSeconds(1), rig.time));
    tier.behind().write(new WriteRequest(Rig.NAME, List.of(put)), context).join();
  }

  private static Unavailable down() {
    return new Unavailable("tier: down", Where.NOWHERE, null);
  }

  /** A cache that is down. */
  private static final class DownCache extends ForwardingBackend {
    DownCache(Rig rig) {
      super(rig.remote);
    }

    @Override
    public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
      return CompletableFuture.failedFuture(down());
    }
  }

  /** A source that keeps none of a backend's promises. */
  private static final class RudeBackend implements Backend {
    RuntimeException thrown;

    @Override
    public String name() {
      return "rude";
    }

    @Override
    public String region() {
      return "";
    }

    @Override
    public Capabilities capabilities() {
      return new Capabilities(10, 10, 100, 100, Set.of(Feature.CONSISTENT_READS));
    }

    @Override
    public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
      if (thrown != null) {
        throw thrown;
      }
      return CompletableFuture.completedFuture(new ReadResult(List.of()));
    }

    @Override
    public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
      return new CompletableFuture<>();
    }

    @Override
    public void close() {}
  }
}
