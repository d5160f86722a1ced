package dev.tiercel.testing.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.Keyspace;
import dev.tiercel.KeyspaceSpec;
import dev.tiercel.ReadOptions;
import dev.tiercel.ServingClient;
import dev.tiercel.backend.Tier;
import dev.tiercel.builtin.Backends;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.check.Operation.Kind;
import dev.tiercel.testing.check.Operation.Write;
import dev.tiercel.testing.engine.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryRecorderTest {

  @TempDir
  private Path directory;

  private ServingClient client;
  private Keyspace<String, String> keyspace;
  private HistoryRecorder recorder;
  private Path file;

  @BeforeEach
  void open() {
    client = ServingClient.create();
    keyspace = client.keyspace(KeyspaceSpec.builder("checked", KeyFormat.string(), Codecs.utf8())
        .source(Backends.inMemoryStore(1 << 20, new FakeTime()))
        .build());
    file = directory.resolve("3.history");
    recorder = HistoryRecorder.open(keyspace, 3, file);
  }

  @AfterEach
  void close() {
    recorder.close();
    client.close();
  }

  @Test
  void calls_allKinds_areReadBack() {
    var done = everything();
    recorder.close();

    assertThat(History.load(List.of(file)).operations()).isEqualTo(done);
    assertThat(new HistoryChecker(Rules.of(Duration.ofSeconds(10)))
            .check(new History(done))
            .passed())
        .isTrue();
  }

  @Test
  void read_value_hasItsLabels() {
    var put = recorder.put("a");
    var version = ((Outcome.Acknowledged) put.outcome()).version();
    var read = recorder.read("a", ReadOptions.defaults().atLeast(version));

    var value = (Answer.Value) read.answer();
    assertThat(value.id()).isEqualTo(put.id());
    assertThat(value.version()).isEqualTo(version);
    assertThat(value.tier()).isEqualTo(Tier.LOCAL);
    assertThat(value.fresh()).isTrue();
    assertThat(read.atLeast()).isEqualTo(version);
    assertThat(read.startNanos()).isGreaterThanOrEqualTo(put.endNanos());
    assertThat(keyspace.get("a")).isEqualTo(Long.toString(put.id()));
  }

  @Test
  void read_foreignValue_isNobodys() {
    keyspace.put("a", "written by hand");
    assertThat(((Answer.Value) recorder.read("a").answer()).id()).isEqualTo(Answer.Value.NOBODY);
  }

  @Test
  void failures_areRecordedByName() {
    recorder.put("a");
    assertThat(recorder.put("a", value -> keyspace.putIfAbsent("a", value)).outcome())
        .isEqualTo(new Outcome.Refused("Conflict"));
    assertThat(recorder.read("x".repeat(10_000)).answer())
        .isEqualTo(new Answer.Failed("InvalidRequest"));
    assertThat(recorder.put("a", value -> fail()).outcome())
        .isEqualTo(new Outcome.Unknown("java.lang.AssertionError"));
    assertThat(recorder.invalidate(new Scope.All(), HistoryRecorderTest::fail).outcome())
        .isEqualTo(new Outcome.Unknown("java.lang.AssertionError"));
    recorder.close();

    assertThat(History.load(List.of(file)).writes())
        .extracting(Write::outcome)
        .contains(new Outcome.Refused("Conflict"));
  }

  @Test
  void readAll_refusedAsAWhole_everyKeyFailed() {
    client.close();
    var reads = recorder.readAll(List.of("a", "b"), ReadOptions.defaults());
    assertThat(reads).extracting(Operation.Read::key).containsExactly("a", "b");
    assertThat(reads).allMatch(read -> read.answer() instanceof Answer.Failed);
  }

  @Test
  void load_tornAnywhere_keepsWhatCameBefore() throws IOException {
    var done = everything();
    recorder.close();
    var bytes = Files.readAllBytes(file);
    for (int length = 0; length < bytes.length; length++) {
      var torn = Files.write(directory.resolve("torn"), Arrays.copyOf(bytes, length));
      var kept = new ArrayList<>(History.load(List.of(torn)).operations());
      kept.removeIf(HistoryRecorderTest::isUnfinished);
      assertThat(kept).isEqualTo(done.subList(0, kept.size())).hasSizeLessThan(done.size());
    }
  }

  @Test
  void load_killedWithinAWrite_knowsOfIt() throws IOException {
    var copy = directory.resolve("copy");
    recorder.read("a");
    var write = recorder.put("a", value -> copied(copy));

    var killed = History.load(List.of(copy));

    assertThat(killed.reads()).hasSize(1);
    assertThat(killed.writes())
        .containsExactly(new Write(
            3,
            "a",
            Kind.PUT,
            write.id(),
            write.startNanos(),
            Long.MAX_VALUE,
            new Outcome.Unknown(Outcome.Unknown.UNFINISHED)));
  }

  @Test
  void load_files_areMerged_andOthersRefused() throws IOException {
    recorder.put("a");
    recorder.close();
    var other = directory.resolve("4.history");
    try (var second = HistoryRecorder.open(keyspace, 4, other)) {
      second.put("a");
    }
    assertThat(History.load(List.of(file, other)).writes())
        .extracting(Write::process)
        .containsExactly(3, 4);
    assertThat(History.load(List.of(file, other)).writes())
        .extracting(Write::id)
        .doesNotHaveDuplicates();

    var text = Files.writeString(directory.resolve("text"), "not a history");
    assertThatThrownBy(() -> History.load(List.of(text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: a history");
    assertThatThrownBy(() -> HistoryRecorder.open(keyspace, 5, text))
        .isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(() -> HistoryRecorder.open(keyspace, -1, other))
        .hasMessage("process: -1 (expected: 0 to 2^23 - 1)");
  }

  @Test
  void flush_reads_areWrittenOutWithoutAClose() {
    recorder.read("a");
    assertThat(Waiting.until(
            () -> History.load(List.of(file)).reads().size() == 1, Duration.ofSeconds(10)))
        .isTrue();
  }

  @Test
  void threads_many_loseNothing() throws Exception {
    var pool = Executors.newFixedThreadPool(4);
    try {
      var works = new ArrayList<Callable<Object>>();
      for (var key : List.of("a", "b", "c", "d")) {
        works.add(() -> {
          for (int round = 0; round < 200; round++) {
            recorder.put(key);
            recorder.read(key);
          }
          return true;
        });
      }
      for (var done : pool.invokeAll(works)) {
        done.get();
      }
    } finally {
      pool.shutdown();
    }
    recorder.close();
    recorder.read("too late");

    var history = History.load(List.of(file));
    assertThat(history.operations()).hasSize(1_600);
    var report = new HistoryChecker(Rules.of(Duration.ofSeconds(10))).check(history);
    assertThat(report.passed()).as(report.toString()).isTrue();
  }

  private List<Operation> everything() {
    var done = new ArrayList<Operation>();
    done.add(recorder.read("a"));
    done.add(recorder.put("a"));
    done.add(recorder.read("a"));
    done.add(recorder.put("a", value -> keyspace.putIfAbsent("a", value)));
    done.add(recorder.read("a", ReadOptions.defaults().maxStaleness(Duration.ofMillis(5))));
    done.add(recorder.read("a", ReadOptions.defaults().maxStaleness(Duration.ZERO)));
    done.addAll(recorder.readAll(List.of("b", "a"), ReadOptions.defaults()));
    done.add(recorder.remove("a"));
    done.add(recorder.read("x".repeat(10_000)));
    done.add(recorder.expire("a"));
    done.add(recorder.invalidate(new Scope.All(), () -> {}));
    done.add(recorder.invalidate(new Scope.Group("group"), () -> {}));
    return done;
  }

  private static boolean isUnfinished(Operation operation) {
    return operation.endNanos() == Long.MAX_VALUE;
  }

  private long copied(Path copy) {
    try {
      Files.copy(file, copy);
      return 1;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static long fail() {
    throw new AssertionError();
  }
}
