package dev.tiercel.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Throttled;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class GuardedBackendTest {

  private static final ReadRequest READ = ReadRequest.of("k", List.of("a", "b"));
  private static final WriteRequest WRITE = new WriteRequest(
      "k", List.of(new Mutation.Put("a", EncodedEntry.plain(new byte[1]), Condition.ALWAYS)));
  private static final ReadResult ANSWER = new ReadResult(List.of(
      ReadOutcome.Absent.unknown(Origin.source("")),
      ReadOutcome.Absent.unknown(Origin.source(""))));

  private final FakeTime time = new FakeTime();
  private final Manual backend = new Manual();
  private final GuardedBackend guarded = new GuardedBackend(backend, 2, time);

  @Test
  void read_answersInTime_passesTheAnswer() {
    var answer = guarded.read(READ, in(10));
    backend.reads.remove().complete(ANSWER);

    assertThat(answer).isCompletedWithValue(ANSWER);
    assertThat(time.pendingTimers()).isZero();
  }

  @Test
  void read_noAnswerByTheDeadline_failsEachKeyThenAndCancelsTheCall() {
    var answer = guarded.read(READ, in(10));
    var sent = backend.reads.remove();
    time.advance(Duration.ofMillis(9));
    assertThat(answer).isNotDone();

    time.advance(Duration.ofMillis(1));

    assertThat(failures(answer)).hasSize(2).allMatch(DeadlineExceeded.class::isInstance);
    assertThat(failures(answer).get(0).where().elapsed()).isEqualTo(Duration.ofMillis(10));
    assertThat(sent).isCancelled();
  }

  @Test
  void write_noAnswerByTheDeadline_outcomeIsUnknown() {
    var answer = guarded.write(WRITE, in(10));
    time.advance(Duration.ofMillis(10));

    assertThat(answer.join().outcomes().get(0))
        .isInstanceOfSatisfying(
            WriteOutcome.Failed.class,
            failed -> assertThat(failed.cause()).isInstanceOf(OutcomeUnknown.class));
  }

  @Test
  void deadlinePassedAlready_nothingIsSent() {
    assertThat(failures(guarded.read(READ, in(0)))).allMatch(DeadlineExceeded.class::isInstance);
    assertThat(guarded.write(WRITE, in(0)).join().outcomes().get(0))
        .isInstanceOfSatisfying(
            WriteOutcome.Failed.class,
            failed -> assertThat(failed.cause()).isInstanceOf(DeadlineExceeded.class));
    assertThat(backend.reads).isEmpty();
    assertThat(backend.writes).isEmpty();
  }

  @Test
  void oneCallTooMany_isRefusedAtOnceAndNotSent() {
    guarded.read(READ, in(10));
    guarded.write(WRITE, in(10));

    assertThat(failures(guarded.read(READ, in(10)))).allMatch(Overloaded.class::isInstance);
    assertThat(backend.reads).hasSize(1);
  }

  @Test
  void calls_thatEndInAnyWay_giveTheirPlaceBack() {
    for (var round = 0; round < 10; round++) {
      guarded.read(READ, in(10));
      backend.reads.remove().complete(ANSWER);
      guarded.read(READ, in(10));
      backend.reads.remove().completeExceptionally(new IllegalStateException());
      guarded.read(READ, in(10)).cancel(true);
      assertThat(backend.reads.remove()).isCancelled();
      guarded.write(WRITE, in(10));
      backend.writes.remove();
      time.advance(Duration.ofMillis(10));
    }

    assertThat(guarded.read(READ, in(10))).isNotDone();
    assertThat(guarded.read(READ, in(10))).isNotDone();
  }

  @Test
  void backendThrows_theCallFailsTyped() {
    backend.thrown = new IllegalStateException("bug");

    assertThat(failures(guarded.read(READ, in(10))))
        .allSatisfy(failure -> assertThat(failure)
            .isInstanceOf(Unavailable.class)
            .hasMessageContaining("IllegalStateException")
            .hasCause(backend.thrown));
    assertThat(guarded.write(WRITE, in(10)).join().outcomes().get(0))
        .isInstanceOfSatisfying(
            WriteOutcome.Failed.class,
            failed -> assertThat(failed.cause()).isInstanceOf(OutcomeUnknown.class));
  }

  @Test
  void wholeCallFailsTyped_eachKeyFailsWithThat() {
    var throttled = new Throttled("table: throttled", Where.NOWHERE, null);
    var answer = guarded.read(READ, in(10));
    backend.reads.remove().completeExceptionally(throttled);

    assertThat(failures(answer)).containsExactly(throttled, throttled);
  }

  @Test
  void backendAnswersTooFewKeys_allFail() {
    var answer = guarded.read(READ, in(10));
    backend.reads.remove().complete(new ReadResult(ANSWER.outcomes().subList(0, 1)));

    assertThat(failures(answer))
        .allSatisfy(failure -> assertThat(failure)
            .isInstanceOf(Unavailable.class)
            .hasMessageContaining("outcomes: 1 (expected: 2)"));
  }

  private CallContext in(long millis) {
    return CallContext.of(Deadline.after(Duration.ofMillis(millis), time));
  }

  private static List<ServingException> failures(CompletableFuture<ReadResult> answer) {
    return answer.join().outcomes().stream()
        .map(outcome -> ((ReadOutcome.Failed) outcome).cause())
        .toList();
  }

  /** Answers when the test says so. */
  private static final class Manual implements Backend {
    final Queue<CompletableFuture<ReadResult>> reads = new ArrayDeque<>();
    final Queue<CompletableFuture<WriteResult>> writes = new ArrayDeque<>();
    RuntimeException thrown;

    @Override
    public String name() {
      return "manual";
    }

    @Override
    public String region() {
      return "here";
    }

    @Override
    public Capabilities capabilities() {
      return new Capabilities(10, 10, 100, 100, Set.of());
    }

    @Override
    public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
      if (thrown != null) {
        throw thrown;
      }
      var answer = new CompletableFuture<ReadResult>();
      reads.add(answer);
      return answer;
    }

    @Override
    public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
      if (thrown != null) {
        throw thrown;
      }
      var answer = new CompletableFuture<WriteResult>();
      writes.add(answer);
      return answer;
    }

    @Override
    public void close() {}
  }
}
