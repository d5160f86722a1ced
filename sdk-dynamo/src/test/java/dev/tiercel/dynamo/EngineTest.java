package dev.tiercel.dynamo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.batch.SplittingBackend;
import dev.tiercel.error.CodecFailure;
import dev.tiercel.error.InvalidRequest;
import dev.tiercel.error.Unavailable;
import dev.tiercel.testing.BackendProbe;
import dev.tiercel.testing.DynamoDbExtension;
import dev.tiercel.testing.UniqueName;
import dev.tiercel.testing.engine.DynamoDbEngine;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.SystemTime;
import dev.tiercel.time.Version;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** What is particular to DynamoDB, on a real one. */
@ExtendWith(DynamoDbExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EngineTest {

  private final SystemTime time = new SystemTime("engine-test");
  private final String table = UniqueName.of("engine");
  private final LocalDynamo owner;
  private final DynamoBackend managed;

  EngineTest(DynamoDbEngine engine) {
    owner = LocalDynamo.of(engine);
    managed = over(DynamoTable.managed(table));
  }

  @BeforeAll
  void createTable() {
    managed.createTable().join();
  }

  @AfterAll
  void close() {
    managed.close();
    owner.close();
    time.close();
  }

  // Batches.

  @Test
  void read_moreThan100KeysAndMoreThan16Mb_comesBackWhole() {
    var probe =
        new BackendProbe(new SplittingBackend(managed, () -> 16), UniqueName.of("batch"), time);
    var large = new byte[380_000];
    Arrays.fill(large, (byte) 7);
    var mutations = new ArrayList<Mutation>();
    for (var i = 0; i < 130; i++) {
      // 48 times 380 kB is more than 16 MB, and all of them are among the first hundred keys.
      mutations.add(new Mutation.Put(
          "key" + i,
          EncodedEntry.plain(i < 48 ? large : new byte[] {7}).withVersion(i),
          Condition.ALWAYS));
    }
    assertThat(probe.writeAll(mutations)).allMatch(WriteOutcome.Stored.class::isInstance);
    var keys = IntStream.range(0, 140).mapToObj(i -> "key" + i).toList();

    var outcomes = probe.readAll(keys);

    for (var i = 0; i < 140; i++) {
      if (i < 130) {
        var found = (ReadOutcome.Found) outcomes.get(i);
        assertThat(found.entry().version()).isEqualTo(i);
        assertThat(found.entry().size()).isEqualTo(i < 48 ? large.length : 1);
      } else {
        assertThat(outcomes.get(i)).isInstanceOf(ReadOutcome.Absent.class);
      }
    }
  }

  @Test
  void write_moreThan25AndPastTheConditionsOfSome_answersEach() {
    var probe =
        new BackendProbe(new SplittingBackend(managed, () -> 16), UniqueName.of("batch"), time);
    var before = IntStream.range(0, 10)
        .<Mutation>mapToObj(i -> Fixture.put("key" + i, 9, Condition.ALWAYS))
        .toList();
    assertThat(probe.writeAll(before)).containsOnly(new WriteOutcome.Stored(9));

    var after = IntStream.range(0, 60)
        .<Mutation>mapToObj(i -> Fixture.put("key" + i, 5, Condition.IF_NEWER))
        .toList();
    var outcomes = probe.writeAll(after);

    assertThat(outcomes.subList(0, 10)).containsOnly(new WriteOutcome.Rejected(9));
    assertThat(outcomes.subList(10, 60)).containsOnly(new WriteOutcome.Stored(5));
  }

  @Test
  void write_largestValueAndKey_fits() {
    var capabilities = managed.capabilities();
    var probe = new BackendProbe(managed, "k".repeat(64), time);
    var key = "é".repeat(capabilities.maxKeyBytes() / 2);
    var full = new EncodedEntry(
        new byte[capabilities.maxValueBytes()],
        EncodedEntry.MAX_CODEC_ID,
        3,
        Version.MAX,
        Long.MAX_VALUE,
        Long.MAX_VALUE,
        Long.MAX_VALUE);

    assertThat(probe.put(key, full, Condition.IF_NEWER))
        .isEqualTo(new WriteOutcome.Stored(Version.MAX));
    assertThat(probe.found(key)).isEqualTo(full);
  }

  // Managed tables.

  @Test
  void managed_item_hasTheDocumentedAttributes() {
    var probe = new BackendProbe(managed, "a:b%", time);
    var entry = new EncodedEntry(new byte[] {1}, 7, 2, 11, 22, 33, 4_102_444_800_001L);
    probe.put("c:d", entry, Condition.IF_NEWER);

    assertThat(owner.item(table, "key", AttributeValue.fromS("a%3Ab%25:c:d")))
        .containsOnly(
            Map.entry("key", AttributeValue.fromS("a%3Ab%25:c:d")),
            Map.entry("value", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {1}))),
            Map.entry("codec", AttributeValue.fromN("7")),
            Map.entry("compression", AttributeValue.fromN("2")),
            Map.entry("version", AttributeValue.fromN("11")),
            Map.entry("created", AttributeValue.fromN("22")),
            Map.entry("softExpiry", AttributeValue.fromN("33")),
            Map.entry("expiry", AttributeValue.fromN("4102444800001")),
            Map.entry("ttl", AttributeValue.fromN("4102444801")));
    probe.put("c:d", EncodedEntry.tombstone(12, 0, 0), Condition.IF_NEWER);
    assertThat(owner.item(table, "key", AttributeValue.fromS("a%3Ab%25:c:d")))
        .containsOnlyKeys("key", "version", "deleted");
  }

  @Test
  void managed_unreadableItem_standsInTheWayUntilItIsReplaced() {
    var probe = new BackendProbe(managed, "bad", time);
    owner.putItem(
        table,
        Map.of("key", AttributeValue.fromS("bad:a"), "version", AttributeValue.fromS("one")));
    owner.putItem(table, Map.of("key", AttributeValue.fromS("bad:b")));

    for (var key : List.of("a", "b")) {
      assertThat(((ReadOutcome.Failed) probe.read(key)).cause()).isInstanceOf(CodecFailure.class);
      for (var condition :
          List.of(Condition.IF_ABSENT, Condition.IF_NEWER, new Condition.IfVersion(1))) {
        var outcome = (WriteOutcome.Failed) probe.put(key, Fixture.entry(Version.MAX), condition);
        assertThat(outcome.cause()).isInstanceOf(CodecFailure.class);
      }
      assertThat(probe.put(key, Fixture.entry(1), Condition.ALWAYS))
          .isEqualTo(new WriteOutcome.Stored(1));
      assertThat(probe.found(key).version()).isEqualTo(1);
    }
  }

  @Test
  void createTable_againAndAtTheSameTime_isHarmless() {
    try (var fresh = over(DynamoTable.managed(UniqueName.of("fresh")))) {
      var together = IntStream.range(0, 4)
          .mapToObj(i -> fresh.createTable())
          .toArray(CompletableFuture<?>[]::new);
      CompletableFuture.allOf(together).join();
      fresh.createTable().join();
    }
  }

  @Test
  void createTable_switchesTheTtlOn() {
    var ttl = owner
        .client()
        .describeTimeToLive(describe -> describe.tableName(table))
        .join()
        .timeToLiveDescription();

    assertThat(ttl.timeToLiveStatus()).isEqualTo(TimeToLiveStatus.ENABLED);
    assertThat(ttl.attributeName()).isEqualTo("ttl");
  }

  @Test
  void createTable_ofAnotherShape_isRefused() {
    var other = DynamoTable.mapped(UniqueName.of("other"), "id", "body");
    owner.createTable(other);

    for (var wrong : List.of(DynamoTable.managed(other.name()), other)) {
      try (var backend = over(wrong)) {
        assertThatThrownBy(() -> backend.createTable().join())
            .hasCauseInstanceOf(InvalidRequest.class);
      }
    }
  }

  @Test
  void missingTable_isUnavailableAndNothingIsThere() {
    try (var backend = over(DynamoTable.managed(UniqueName.of("missing")))) {
      var probe = new BackendProbe(backend, "any", time);

      assertThat(((ReadOutcome.Failed) probe.read("a")).cause())
          .isExactlyInstanceOf(Unavailable.class);
      assertThat(
              ((WriteOutcome.Failed) probe.put("a", Fixture.entry(1), Condition.IF_NEWER)).cause())
          .isExactlyInstanceOf(Unavailable.class)
          .hasMessageContaining("ResourceNotFoundException");
    }
  }

  // Mapped tables.

  @Test
  void mapped_writes_leaveOtherAttributesAlone() {
    var mapping = mapped().versions("seq", "gone");
    var key = AttributeValue.fromS("a");
    owner.putItem(
        mapping.name(),
        Map.of("id", key, "note", AttributeValue.fromS("mine"), "body", bytes("old")));
    try (var backend = over(mapping)) {
      var probe = new BackendProbe(backend, "any", time);
      assertThat(probe.found("a").version()).isZero();
      assertThat(probe.put("a", entry("absent?", 5), Condition.IF_ABSENT))
          .isEqualTo(new WriteOutcome.Rejected(0));
      assertThat(probe.put("a", entry("exact", 5), new Condition.IfVersion(0)))
          .isEqualTo(new WriteOutcome.Stored(5));
      assertThat(probe.put("a", entry("newer", 6), Condition.IF_NEWER))
          .isEqualTo(new WriteOutcome.Stored(6));
      assertThat(owner.item(mapping.name(), "id", key))
          .containsOnly(
              Map.entry("id", key),
              Map.entry("note", AttributeValue.fromS("mine")),
              Map.entry("body", bytes("newer")),
              Map.entry("seq", AttributeValue.fromN("6")));

      probe.put("a", EncodedEntry.tombstone(7, 0, 0), Condition.IF_NEWER);
      assertThat(owner.item(mapping.name(), "id", key))
          .containsOnlyKeys("id", "note", "seq", "gone");
      assertThat(probe.absent("a").version()).isEqualTo(7);
    }
  }

  @Test
  void mapped_withoutVersions_deletesReallyDelete() {
    var mapping = mapped();
    try (var backend = over(mapping)) {
      var probe = new BackendProbe(backend, "any", time);
      probe.put("a", entry("value", 0), Condition.ALWAYS);
      probe.put("a", EncodedEntry.tombstone(1, 0, time.millis() + 100_000), Condition.ALWAYS);

      assertThat(owner.item(mapping.name(), "id", AttributeValue.fromS("a"))).isEmpty();
    }
  }

  @Test
  void mapped_expiry_isInWholeSecondsAndFilteredOnRead() {
    var mapping = mapped().expiry("until");
    var past = time.millis() / 1000;
    owner.putItem(
        mapping.name(),
        Map.of("id", AttributeValue.fromS("old"), "body", bytes("v"), "until", number(past)));
    try (var backend = over(mapping)) {
      var probe = new BackendProbe(backend, "any", time);
      assertThat(probe.read("old")).isInstanceOf(ReadOutcome.Absent.class);

      probe.put(
          "a",
          new EncodedEntry(new byte[] {1}, 0, 0, 0, 0, 0, 4_102_444_800_001L),
          Condition.ALWAYS);
      assertThat(owner.item(mapping.name(), "id", AttributeValue.fromS("a")))
          .containsEntry("until", number(4_102_444_801L));
      assertThat(probe.found("a").expiryMillis()).isEqualTo(4_102_444_801_000L);
      probe.put("a", entry("for ever", 0), Condition.ALWAYS);
      assertThat(owner.item(mapping.name(), "id", AttributeValue.fromS("a")))
          .doesNotContainKey("until");
    }
  }

  @Test
  void mapped_expiredValue_countsAsAbsentForConditions() {
    var mapping = mapped().versions("seq", "gone").expiry("until");
    var past = number(time.millis() / 1000);
    for (var key : List.of("a", "b")) {
      owner.putItem(
          mapping.name(),
          Map.of(
              "id",
              AttributeValue.fromS(key),
              "body",
              bytes("v"),
              "seq",
              number(5),
              "until",
              past));
    }
    try (var backend = over(mapping)) {
      var probe = new BackendProbe(backend, "any", time);
      assertThat(probe.put("a", entry("new", 9), new Condition.IfVersion(5)))
          .isEqualTo(new WriteOutcome.Rejected(5));
      assertThat(probe.put("a", entry("new", 5), Condition.IF_ABSENT))
          .isEqualTo(new WriteOutcome.Rejected(5));
      assertThat(probe.put("a", entry("new", 6), Condition.IF_ABSENT))
          .isEqualTo(new WriteOutcome.Stored(6));
    }
  }

  @Test
  void mapped_numericKeysAndTextValues_areKeptAsSuch() {
    var mapping = DynamoTable.mapped(UniqueName.of("mapped"), "id", "body")
        .numericKey(true)
        .textValue(true);
    owner.createTable(mapping);
    try (var backend = over(mapping)) {
      var probe = new BackendProbe(backend, "any", time);
      for (var key : List.of("0", "-7", "9".repeat(38))) {
        assertThat(probe.put(key, entry("grüße " + key, 0), Condition.ALWAYS))
            .isEqualTo(new WriteOutcome.Stored(0));
        assertThat(owner.item(mapping.name(), "id", AttributeValue.fromN(key)))
            .containsEntry("body", AttributeValue.fromS("grüße " + key));
      }
      var read = probe.readAll(
          List.of("0", "007", "9".repeat(38), "1.0", "-0", "1e3", "9".repeat(39), "-7"));
      for (var index : List.of(0, 2, 7)) {
        assertThat(read.get(index)).isInstanceOf(ReadOutcome.Found.class);
      }
      for (var index : List.of(1, 3, 4, 5, 6)) {
        assertThat(((ReadOutcome.Failed) read.get(index)).cause())
            .isInstanceOf(InvalidRequest.class);
      }
      var notText = EncodedEntry.plain(new byte[] {(byte) 0xFF});
      assertThat(((WriteOutcome.Failed) probe.put("1", notText, Condition.ALWAYS)).cause())
          .isInstanceOf(InvalidRequest.class);
    }
  }

  @Test
  void mapped_itemWithoutValue_failsItsKeyOnly() {
    var mapping = mapped();
    owner.putItem(mapping.name(), Map.of("id", AttributeValue.fromS("a")));
    owner.putItem(mapping.name(), Map.of("id", AttributeValue.fromS("b"), "body", bytes("v")));
    owner.putItem(
        mapping.name(), Map.of("id", AttributeValue.fromS("c"), "body", AttributeValue.fromS("v")));
    try (var backend = over(mapping)) {
      var outcomes = new BackendProbe(backend, "any", time).readAll(List.of("a", "b", "c", "d"));

      assertThat(((ReadOutcome.Failed) outcomes.get(0)).cause()).isInstanceOf(CodecFailure.class);
      assertThat(outcomes.get(1)).isInstanceOf(ReadOutcome.Found.class);
      assertThat(((ReadOutcome.Failed) outcomes.get(2)).cause()).isInstanceOf(CodecFailure.class);
      assertThat(outcomes.get(3)).isInstanceOf(ReadOutcome.Absent.class);
    }
  }

  // Clients.

  @Test
  void over_clientThatRetries_isRefused() {
    try (var retrying = DynamoDbAsyncClient.builder()
        .region(owner.options().region())
        .credentialsProvider(LocalDynamo.CREDENTIALS)
        .build()) {
      assertThatThrownBy(
              () -> DynamoBackend.over(retrying, owner.options(), DynamoTable.managed(table), time))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("attempts");
    }
  }

  @Test
  void over_clientThatTakesNothingForAnAnswer_isRefused() {
    try (var trusting = shared(override -> {});
        var watching =
            shared(override -> override.addExecutionInterceptor(DynamoBackend.requireBodies()))) {
      var target = DynamoTable.managed(table);
      assertThatThrownBy(() -> DynamoBackend.over(trusting, owner.options(), target, time))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("requireBodies");
      try (var accepted = DynamoBackend.over(watching, owner.options(), target, time)) {
        assertThat(accepted.region()).isEqualTo(owner.options().region().id());
      }
    }
  }

  private DynamoDbAsyncClient shared(Consumer<ClientOverrideConfiguration.Builder> more) {
    return DynamoDbAsyncClient.builder()
        .region(owner.options().region())
        .credentialsProvider(LocalDynamo.CREDENTIALS)
        .overrideConfiguration(
            override -> more.accept(override.retryStrategy(DefaultRetryStrategy.doNotRetry())))
        .build();
  }

  @Test
  void close_overASharedClient_leavesItOpen() {
    var backend = over(DynamoTable.managed(table));
    backend.close();
    backend.close();

    assertThat(owner
            .client()
            .describeTable(describe -> describe.tableName(table))
            .join()
            .table()
            .tableName())
        .isEqualTo(table);
    assertThatThrownBy(() -> backend.createTable().join()).hasCauseInstanceOf(Unavailable.class);
  }

  @Test
  void close_ofAnOwnClient_leavesNoThread() {
    var before = Thread.getAllStackTraces().keySet();
    var backend = DynamoBackend.create(owner.options(), DynamoTable.managed(table));
    var context = CallContext.of(Deadline.after(Duration.ofSeconds(10), time));
    var answers = IntStream.range(0, 20)
        .mapToObj(i -> backend.read(ReadRequest.of("any", List.of("key" + i)), context))
        .toList();
    answers.forEach(CompletableFuture::join);
    assertThat(newThreads(before)).isNotEmpty();

    backend.close();

    for (var thread : newThreads(before)) {
      joined(thread);
      assertThat(thread.isAlive()).as("thread %s", thread.getName()).isFalse();
    }
  }

  private static List<Thread> newThreads(java.util.Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread))
        .filter(thread -> thread.getName().matches("(tiercel|sdk|aws|netty|globalEvent).*"))
        .toList();
  }

  /** A thread that was told to end may need a moment; five seconds are more than that. */
  private static void joined(Thread thread) {
    try {
      thread.join(5_000);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while a thread ends", interrupted);
    }
  }

  private DynamoTable.Mapped mapped() {
    var mapping = DynamoTable.mapped(UniqueName.of("mapped"), "id", "body");
    owner.createTable(mapping);
    return mapping;
  }

  private DynamoBackend over(DynamoTable target) {
    return DynamoBackend.over(owner.client(), owner.options(), target, time);
  }

  private static EncodedEntry entry(String text, long version) {
    return EncodedEntry.plain(text.getBytes(StandardCharsets.UTF_8)).withVersion(version);
  }

  private static AttributeValue bytes(String text) {
    return AttributeValue.fromB(SdkBytes.fromUtf8String(text));
  }

  private static AttributeValue number(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }
}
