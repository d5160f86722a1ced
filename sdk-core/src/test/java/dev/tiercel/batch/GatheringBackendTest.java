package dev.tiercel.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Freshness;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.Overloaded;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.time.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GatheringBackendTest {

  private final FakeTime time = new FakeTime();
  private final Held backend = new Held(4);
  private final GatheringBackend gathering = new GatheringBackend(backend, () -> 2, 3, time);

  @Test
  void read_whileFewAreOnTheirWay_leavesAtOnce() {
    read("a");
    read("b");

    assertThat(backend.asked()).containsExactly(List.of("a"), List.of("b"));
  }

  @Test
  void reads_thatArriveWhileEnoughAreOnTheirWay_leaveTogetherWhenOneReturns() {
    var a = read("a");
    read("b");
    var c = read("c");
    var d = read("d", "e");
    assertThat(backend.asked()).hasSize(2);

    backend.answer(0);

    assertThat(a).isCompleted();
    assertThat(backend.asked()).hasSize(3).last().isEqualTo(List.of("c", "d", "e"));
    backend.answer(2);
    assertThat(values(c)).containsExactly("c");
    assertThat(values(d)).containsExactly("d", "e");
  }

  @Test
  void reads_ofOneKeyByTwo_askForItOnce() {
    read("a");
    read("b");
    var c = read("c", "d");
    var again = read("d", "c");

    backend.answer(1);
    backend.answer(2);

    assertThat(backend.asked()).last().isEqualTo(List.of("c", "d"));
    assertThat(values(c)).containsExactly("c", "d");
    assertThat(values(again)).containsExactly("d", "c");
  }

  @Test
  void batch_isNeverLargerThanTheBackendTakes() {
    read("a");
    read("b");
    read("c", "d", "e");
    read("f", "g");

    backend.answer(0);
    assertThat(backend.asked()).last().isEqualTo(List.of("c", "d", "e"));
    backend.answer(1);
    assertThat(backend.asked()).last().isEqualTo(List.of("f", "g"));
  }

  @Test
  void readAsLargeAsABatchCanBe_waitsForNobody() {
    read("a");
    read("b");
    read("c", "d", "e", "f");

    assertThat(backend.asked()).last().isEqualTo(List.of("c", "d", "e", "f"));
  }

  @Test
  void reads_ofAnotherFreshness_doNotMix() {
    read("a");
    read("b");
    read("c");
    var consistent = ReadRequest.of("k", List.of("d")).withFreshness(Freshness.CONSISTENT);
    var strict = gathering.read(consistent, in(100));

    backend.answer(0);
    assertThat(backend.asked()).last().isEqualTo(List.of("c"));
    backend.answer(1);
    assertThat(backend.asked()).last().isEqualTo(List.of("d"));
    assertThat(strict).isNotDone();
  }

  @Test
  void read_onePastTheBoundOfThoseThatWait_isRefusedAtOnce() {
    List.of("a", "b", "c", "d", "e").forEach(this::read);
    var refused = read("f");

    assertThat(refused.join().outcomes())
        .singleElement()
        .isInstanceOfSatisfying(
            ReadOutcome.Failed.class,
            failed -> assertThat(failed.cause())
                .isInstanceOf(Overloaded.class)
                .hasMessageContaining("reads waiting: 3 (expected: fewer)"));
  }

  @Test
  void readsThatHaveEndedInTheLine_makeRoomForOthers() {
    List.of("a", "b").forEach(this::read);
    List.of("c", "d", "e").forEach(key -> read(key).cancel(true));
    var next = read("f");

    assertThat(next).isNotDone();
    backend.answer(0);
    assertThat(backend.asked()).last().isEqualTo(List.of("f"));
  }

  @Test
  void readThatWaits_endsByItsOwnDeadlineAndIsNotAskedFor() {
    read("a");
    read("b");
    var hurried = gathering.read(ReadRequest.of("k", List.of("c")), in(10));
    var patient = read("d");
    time.advance(Duration.ofMillis(10));

    assertThat(hurried.join().outcomes())
        .singleElement()
        .isInstanceOfSatisfying(
            ReadOutcome.Failed.class,
            failed -> assertThat(failed.cause()).isInstanceOf(DeadlineExceeded.class));
    backend.answer(0);
    assertThat(backend.asked()).last().isEqualTo(List.of("d"));
    assertThat(patient).isNotDone();
  }

  @Test
  void batch_hasTheTimeOfItsMostPatientRead() {
    read("a");
    read("b");
    gathering.read(ReadRequest.of("k", List.of("c")), in(10));
    gathering.read(ReadRequest.of("k", List.of("d")), in(70));

    backend.answer(0);

    assertThat(backend.contexts.get(2).deadline().remaining()).isEqualTo(Duration.ofMillis(70));
  }

  @Test
  void oneReadOfABatchIsCancelled_theOthersGoOn_allAre_theBatchIsToo() {
    read("a");
    read("b");
    var c = read("c");
    var d = read("d");
    backend.answer(0);

    c.cancel(true);
    assertThat(backend.answers.get(2)).isNotCancelled();
    d.cancel(true);

    assertThat(backend.answers.get(2)).isCancelled();
  }

  @Test
  void everythingThatWaitsIsCancelled_nothingLeavesAndTheNextReadDoesAtOnce() {
    read("a");
    read("b");
    read("c").cancel(true);
    backend.answer(0);
    assertThat(backend.asked()).hasSize(2);

    read("d");
    assertThat(backend.asked()).last().isEqualTo(List.of("d"));
  }

  @Test
  void batchIsCancelledBelow_itsReadsEndAndTheNextLeave() {
    var a = read("a");
    read("b");
    read("c");
    backend.answers.get(0).cancel(true);

    assertThat(a).isCompletedExceptionally();
    assertThat(backend.asked()).last().isEqualTo(List.of("c"));
  }

  @Test
  void backendThatAnswersAtOnce_servesALongLineWithoutNesting() throws Exception {
    var depth = new AtomicInteger();
    var deepest = new AtomicInteger();
    var immediate = new Held(1) {
      @Override
      public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
        deepest.accumulateAndGet(depth.incrementAndGet(), Math::max);
        var first = super.read(request, context);
        if (!request.keys().contains("first")) {
          answer(asked().size() - 1);
        }
        depth.decrementAndGet();
        return first;
      }
    };
    var narrow = new GatheringBackend(immediate, () -> 1, 10_000, time);
    narrow.read(ReadRequest.of("k", List.of("first", "second")), in(100));
    var reads = new ArrayList<CompletableFuture<ReadResult>>();
    IntStream.range(0, 5_000)
        .forEach(i -> reads.add(narrow.read(ReadRequest.of("k", List.of("k" + i)), in(100))));
    immediate.answer(0);

    assertThat(reads).allMatch(CompletableFuture::isDone);
    assertThat(deepest).hasValue(1);
  }

  @Test
  void manyThreads_everyReadIsAnsweredWithItsOwnValue() throws Exception {
    var threads = 8;
    var immediate = new Held(16) {
      @Override
      public synchronized CompletableFuture<ReadResult> read(
          ReadRequest request, CallContext context) {
        return CompletableFuture.completedFuture(result(request));
      }
    };
    var shared = new GatheringBackend(immediate, () -> 1, 10_000, time);
    var pool = Executors.newFixedThreadPool(threads);
    var wrong = new AtomicInteger();
    var done = new CountDownLatch(threads);
    for (var thread = 0; thread < threads; thread++) {
      var name = "t" + thread + "-";
      pool.execute(() -> {
        for (var round = 0; round < 2_000; round++) {
          var key = name + round;
          var answer = shared.read(ReadRequest.of("k", List.of(key)), in(60_000));
          wrong.addAndGet(values(answer).equals(List.of(key)) ? 0 : 1);
        }
        done.countDown();
      });
    }

    assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
    pool.shutdownNow();
    assertThat(wrong).hasValue(0);
  }

  private CompletableFuture<ReadResult> read(String... keys) {
    return gathering.read(ReadRequest.of("k", List.of(keys)), in(100));
  }

  private CallContext in(int millis) {
    return CallContext.of(Deadline.after(Duration.ofMillis(millis), time));
  }

  private static List<String> values(CompletableFuture<ReadResult> answer) {
    return answer.join().outcomes().stream()
        .map(outcome ->
            new String(((ReadOutcome.Found) outcome).entry().payload(), StandardCharsets.UTF_8))
        .toList();
  }

  /** Finds every key with itself as the value, when the test says so. */
  private static class Held implements Backend {
    final List<ReadRequest> requests = new ArrayList<>();
    final List<CallContext> contexts = new ArrayList<>();
    final List<CompletableFuture<ReadResult>> answers = new ArrayList<>();
    private final int maxReadKeys;

    Held(int maxReadKeys) {
      this.maxReadKeys = maxReadKeys;
    }

    List<List<String>> asked() {
      return requests.stream().map(ReadRequest::keys).toList();
    }

    void answer(int request) {
      answers.get(request).complete(result(requests.get(request)));
    }

    static ReadResult result(ReadRequest request) {
      return new ReadResult(request.keys().stream()
          .<ReadOutcome>map(key -> new ReadOutcome.Found(
              EncodedEntry.plain(key.getBytes(StandardCharsets.UTF_8)), Origin.source("")))
          .toList());
    }

    @Override
    public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
      var answer = new CompletableFuture<ReadResult>();
      requests.add(request);
      contexts.add(context);
      answers.add(answer);
      return answer;
    }

    @Override
    public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
      return new CompletableFuture<>();
    }

    @Override
    public String name() {
      return "held";
    }

    @Override
    public String region() {
      return "";
    }

    @Override
    public Capabilities capabilities() {
      return new Capabilities(maxReadKeys, 1, 100, 100, Set.of());
    }

    @Override
    public void close() {}
  }
}
