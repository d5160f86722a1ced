package dev.tiercel.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.CallContext;
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
import dev.tiercel.error.CodecFailure;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Throttled;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.health.Endpoint;
import dev.tiercel.health.EndpointState;
import dev.tiercel.observe.Attempt;
import dev.tiercel.observe.Refusal;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GuardedBackendTest {

  private static final Where AT = Where.at("manual", "here");
  private static final ReadRequest READ = ReadRequest.of("k", List.of("a", "b"));
  private static final WriteRequest WRITE = new WriteRequest(
      "k", List.of(new Mutation.Put("a", EncodedEntry.plain(new byte[1]), Condition.ALWAYS)));
  private static final ReadOutcome ABSENT = ReadOutcome.Absent.unknown(Origin.source(""));
  private static final ReadResult ANSWER = new ReadResult(List.of(ABSENT, ABSENT));
  private static final ReadResult DOWN =
      ReadResult.failed(2, new Unavailable("server: gone", AT, null));
  private static final ReadResult THROTTLED =
      ReadResult.failed(2, new Throttled("rate: too high", AT, null));

  private final FakeTime time = new FakeTime();
  private final ManualBackend backend = new ManualBackend();
  private final Heard heard = new Heard();
  private final GuardedBackend guarded = guard(LimiterPolicy.defaults().max(2));

  private GuardedBackend guard(LimiterPolicy limiter) {
    return guard(limiter, BreakerPolicy.defaults());
  }

  private GuardedBackend guard(LimiterPolicy limiter, BreakerPolicy breaker) {
    return new GuardedBackend(
        backend,
        Endpoint.replica("manual", "here", 1),
        limiter,
        breaker,
        heard,
        new Fraction(1),
        time);
  }

  @Test
  void read_answered_passesTheAnswerAndSetsNoTimer() {
    var answer = guarded.read(READ, in(10));
    assertThat(time.pendingTimers()).isZero();
    time.advance(Duration.ofMillis(3));
    backend.reads.remove().answer().complete(ANSWER);

    assertThat(answer).isCompletedWithValue(ANSWER);
    assertThat(heard.attempts)
        .containsExactly(new Attempt(false, 1, 2, Duration.ofMillis(3), Attempt.Result.ANSWERED));
    assertThat(guarded.vitals().state()).isEqualTo(EndpointState.HEALTHY);
  }

  @Test
  void deadlinePassedAlready_nothingIsSent() {
    assertThat(failures(guarded.read(READ, in(0))))
        .allSatisfy(failure -> assertThat(failure)
            .isInstanceOf(DeadlineExceeded.class)
            .extracting(each -> each.where().attempts())
            .isEqualTo(0));
    assertThat(failure(guarded.write(WRITE, in(0)))).isInstanceOf(DeadlineExceeded.class);
    assertThat(backend.reads).isEmpty();
    assertThat(backend.writes).isEmpty();
  }

  @Test
  void oneCallTooMany_isRefusedAtOnceAndNotSent() {
    guarded.read(READ, in(10));
    guarded.write(WRITE, in(10));

    assertThat(failures(guarded.read(READ, in(10)))).hasSize(2).allSatisfy(failure -> {
      assertThat(failure)
          .isInstanceOf(Overloaded.class)
          .hasMessageContaining("replica-1 calls in flight: 2 (expected: fewer)");
      assertThat(failure.where().attempts()).isZero();
    });
    assertThat(backend.reads).hasSize(1);
    assertThat(heard.refusals).containsExactly(Refusal.LIMIT);
    assertThat(heard.attempts).isEmpty();
  }

  @Test
  void calls_thatEndInAnyWay_giveTheirPlaceBack() {
    var open = guard(LimiterPolicy.defaults().max(2), BreakerPolicy.off());
    for (var round = 0; round < 10; round++) {
      open.read(READ, in(10));
      backend.reads.remove().answer().complete(ANSWER);
      open.read(READ, in(10));
      backend.reads.remove().answer().completeExceptionally(new IllegalStateException());
      open.read(READ, in(10)).cancel(true);
      assertThat(backend.reads.remove().answer()).isCancelled();
      open.read(READ, in(10));
      backend.reads.remove().answer().complete(new ReadResult(List.of()));
    }
    backend.thrown = new NoClassDefFoundError();
    open.read(READ, in(10));

    assertThat(open.vitals().inFlight()).isZero();
  }

  @Test
  void cancelledCallThatGoesOn_isCountedUntilItIsGone() {
    var answer = guarded.read(READ, in(10));
    var sent = backend.reads.remove();
    var command = new CompletableFuture<Void>();
    sent.context().occupancy().until(command);
    answer.cancel(true);
    assertThat(sent.answer()).isCancelled();
    assertThat(guarded.vitals().inFlight()).isEqualTo(1);

    command.complete(null);

    assertThat(guarded.vitals().inFlight()).isZero();
  }

  @Test
  void adapterIgnoresTheCancel_isCountedUntilItEnds() {
    var stubborn = new CompletableFuture<ReadResult>() {
      @Override
      public boolean cancel(boolean mayInterruptIfRunning) {
        return false;
      }
    };
    backend.next = stubborn;
    guarded.read(READ, in(10)).cancel(true);
    assertThat(guarded.vitals().inFlight()).isEqualTo(1);

    stubborn.complete(ANSWER);

    assertThat(guarded.vitals().inFlight()).isZero();
    assertThat(heard.attempts).hasSize(1);
  }

  @Test
  void occupancyNamedAfterTheEnd_isIgnored() {
    guarded.read(READ, in(10));
    var sent = backend.reads.remove();
    sent.answer().complete(ANSWER);

    sent.context().occupancy().until(CompletableFuture.completedFuture(null));

    assertThat(guarded.vitals().inFlight()).isZero();
  }

  @Test
  void whoHearsOfAnAnswer_findsRoom() {
    var tight = guard(LimiterPolicy.defaults().max(1));
    var second = tight.read(READ, in(10)).thenCompose(first -> tight.read(READ, in(10)));
    backend.reads.remove().answer().complete(ANSWER);
    backend.reads.remove().answer().complete(ANSWER);

    assertThat(second).isCompletedWithValue(ANSWER);
  }

  @Test
  void backendThrows_theCallFailsTyped() {
    backend.thrown = new IllegalStateException("bug");

    assertThat(failures(guarded.read(READ, in(10))))
        .allSatisfy(failure -> assertThat(failure)
            .isInstanceOf(Unavailable.class)
            .hasMessageContaining("IllegalStateException")
            .hasCause(backend.thrown));
    assertThat(failure(guarded.write(WRITE, in(10)))).isInstanceOf(OutcomeUnknown.class);
  }

  @Test
  void backendReturnsNull_theCallFailsTyped() {
    backend.returnsNull = true;

    assertThat(failures(guarded.read(READ, in(10)))).allMatch(Unavailable.class::isInstance);
    assertThat(failure(guarded.write(WRITE, in(10)))).isInstanceOf(OutcomeUnknown.class);
  }

  @Test
  void wholeCallFailsTyped_eachKeyFailsWithThat() {
    var throttled = new Throttled("table: throttled", Where.NOWHERE, null);
    var answer = guarded.read(READ, in(10));
    backend.reads.remove().answer().completeExceptionally(throttled);

    assertThat(failures(answer)).containsExactly(throttled, throttled);
  }

  @Test
  void backendAnswersTooFewKeys_allFail() {
    var answer = guarded.read(READ, in(10));
    backend.reads.remove().answer().complete(new ReadResult(List.of(ABSENT)));

    assertThat(failures(answer))
        .allSatisfy(failure -> assertThat(failure)
            .isInstanceOf(Unavailable.class)
            .hasMessageContaining("outcomes: 1 (expected: 2)"));
    assertThat(result()).isEqualTo(Attempt.Result.FAILED);
  }

  @Test
  void answers_areToldApartByTheirKeys() {
    var bad = new ReadOutcome.Failed(new CodecFailure("item: unreadable", AT, null));
    var gone = DOWN.outcomes().get(0);
    var late = new ReadOutcome.Failed(new DeadlineExceeded("time: up", AT, null));
    var more = THROTTLED.outcomes().get(0);

    assertThat(resultOf(ABSENT, ABSENT)).isEqualTo(Attempt.Result.ANSWERED);
    assertThat(resultOf(bad, bad)).isEqualTo(Attempt.Result.ANSWERED);
    assertThat(resultOf(ABSENT, gone)).isEqualTo(Attempt.Result.FAILED);
    assertThat(resultOf(gone, gone)).isEqualTo(Attempt.Result.FAILED);
    assertThat(resultOf(late, late)).isEqualTo(Attempt.Result.LATE);
    assertThat(resultOf(ABSENT, more)).isEqualTo(Attempt.Result.THROTTLED);
  }

  @Test
  void cancelBeforeTheDeadline_isNoFailure() {
    for (var loser = 0; loser < 20; loser++) {
      var answer = guarded.read(READ, in(10));
      time.advance(Duration.ofMillis(9));
      answer.cancel(true);
      assertThat(result()).isEqualTo(Attempt.Result.CANCELLED);
    }

    assertThat(guarded.vitals().state()).isEqualTo(EndpointState.PROBING);
    assertThat(guarded.vitals().takesMore()).isTrue();
  }

  @Test
  void cancelAfterTheDeadline_isAFailure() {
    for (var call = 0; call < 5; call++) {
      var answer = guarded.read(READ, in(10));
      time.advance(Duration.ofMillis(10));
      answer.cancel(true);
      assertThat(result()).isEqualTo(Attempt.Result.LATE);
    }

    assertThat(guarded.vitals().state()).isEqualTo(EndpointState.DOWN);
  }

  @Test
  void deadlineShorterThanAnyAnswer_saysNothing() {
    for (var call = 0; call < 200; call++) {
      guarded.read(READ, in(100));
      time.advance(Duration.ofMillis(5));
      backend.reads.remove().answer().complete(ANSWER);
    }
    for (var call = 0; call < 100; call++) {
      var answer = guarded.read(READ, in(1));
      time.advance(Duration.ofMillis(1));
      answer.cancel(true);
    }

    assertThat(guarded.vitals().state()).isEqualTo(EndpointState.HEALTHY);
    assertThat(guarded.vitals().limit()).isEqualTo(2);
  }

  @Test
  void deadlineShorterThanAnyAnswer_nothingKnownYet_saysNothing() {
    for (var call = 0; call < 100; call++) {
      var answer = guarded.read(READ, in(9));
      time.advance(Duration.ofMillis(9));
      answer.cancel(true);
    }

    assertThat(guarded.vitals().state()).isEqualTo(EndpointState.PROBING);
    assertThat(guarded.vitals().takesMore()).isTrue();
  }

  @Test
  void deadlineShorterThanAnyAnswer_ofACallNotSeenBefore_saysNothing() {
    answerSome(Duration.ofMillis(15));
    for (var call = 0; call < 100; call++) {
      var many = guarded.read(
          ReadRequest.of("k", IntStream.range(0, 20).mapToObj(Integer::toString).toList()), in(11));
      var write = guarded.write(WRITE, in(11));
      time.advance(Duration.ofMillis(11));
      many.cancel(true);
      write.cancel(true);
    }

    assertThat(guarded.vitals().state()).isEqualTo(EndpointState.HEALTHY);
    assertThat(guarded.vitals().limit()).isEqualTo(2);
  }

  @Test
  void silentEndpoint_callersLeaveBeforeTheDeadline_isDownWithinFiveCalls() {
    answerSome(Duration.ofMillis(1));
    for (var call = 0; call < 5; call++) {
      assertThat(guarded.vitals().state()).isNotEqualTo(EndpointState.DOWN);
      time.advance(Duration.ofMillis(950));
      var answer = guarded.read(READ, in(250));
      time.advance(Duration.ofMillis(50));
      answer.cancel(true);
      assertThat(result()).isEqualTo(Attempt.Result.CANCELLED);
    }

    assertThat(guarded.vitals().state()).isEqualTo(EndpointState.DOWN);
  }

  @Test
  void neverAnswered_callersLeaveBeforeTheDeadline_isDownInTheEnd() {
    for (var call = 0; call < 6; call++) {
      var answer = guarded.read(READ, in(250));
      time.advance(Duration.ofMillis(50));
      answer.cancel(true);
      time.advance(Duration.ofMillis(950));
    }

    assertThat(heard.states).contains("DEGRADED DOWN");
  }

  @Test
  void stallOfOneCall_hedgeWins_isNoFailure() {
    var roomy = guard(LimiterPolicy.defaults());
    for (var round = 0; round < 100; round++) {
      var stalled = roomy.read(READ, in(250));
      for (var call = 0; call < 5; call++) {
        roomy.read(READ, in(250));
        time.advance(Duration.ofMillis(10));
        backend.reads.removeLast().answer().complete(ANSWER);
      }
      stalled.cancel(true);
      assertThat(backend.reads.remove().answer()).isCancelled();
    }

    assertThat(roomy.vitals().limit()).isEqualTo(LimiterPolicy.defaults().initial());
    assertThat(roomy.vitals().takesMore()).isTrue();
    assertThat(heard.states).containsExactly("PROBING HEALTHY");
  }

  @Test
  void silentForLessThanASecond_callsGivenUp_areNoFailure() {
    answerSome(Duration.ofMillis(1));
    for (var call = 0; call < 19; call++) {
      var answer = guarded.read(READ, in(250));
      time.advance(Duration.ofMillis(50));
      answer.cancel(true);
    }

    assertThat(guarded.vitals().state()).isEqualTo(EndpointState.HEALTHY);
  }

  @Test
  void write_unknownSinceTimeRanOut_isLate() {
    var late = new OutcomeUnknown("time: up", AT, new DeadlineExceeded("time: up", AT, null));
    var lost = new OutcomeUnknown("connection: lost", AT, null);

    assertThat(resultOf(late)).isEqualTo(Attempt.Result.LATE);
    assertThat(resultOf(late.at(Where.NOWHERE))).isEqualTo(Attempt.Result.LATE);
    assertThat(resultOf(lost)).isEqualTo(Attempt.Result.FAILED);
  }

  @Test
  void write_unknownSinceTimeRanOut_deadlineShorterThanAnyAnswer_saysNothing() {
    answerSome(Duration.ofMillis(15));
    for (var call = 0; call < 20; call++) {
      resultOf(new OutcomeUnknown("time: up", AT, new DeadlineExceeded("time: up", AT, null)));
    }

    assertThat(guarded.vitals().state()).isEqualTo(EndpointState.HEALTHY);
  }

  @Test
  void slowAnswers_takesNoMoreForAWhile() {
    answerSome(Duration.ofMillis(1));
    assertThat(guarded.vitals().takesMore()).isTrue();
    answerSome(Duration.ofMillis(6));
    assertThat(guarded.vitals().takesMore()).isFalse();

    time.advance(Duration.ofSeconds(2));

    assertThat(guarded.vitals().takesMore()).isTrue();
  }

  private void answerSome(Duration each) {
    for (var call = 0; call < 200; call++) {
      guarded.read(READ, in(100));
      time.advance(each);
      backend.reads.remove().answer().complete(ANSWER);
    }
  }

  private Attempt.Result resultOf(OutcomeUnknown failure) {
    guarded.write(WRITE, in(10));
    backend.writes.remove().answer().complete(WriteResult.failed(1, failure));
    return result();
  }

  @Test
  void endpointDown_callsAreRefusedAtOnceAndNotSent() {
    bringDown();
    time.advance(Duration.ofMillis(50));

    assertThat(failures(guarded.read(READ, in(10)))).allSatisfy(failure -> {
      assertThat(failure)
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("replica-1 endpoint: down for 50 ms (expected: up)");
      assertThat(failure.where().attempts()).isZero();
    });
    assertThat(failure(guarded.write(WRITE, in(10)))).isInstanceOf(Unavailable.class);
    assertThat(backend.reads).isEmpty();
    assertThat(backend.writes).isEmpty();
    assertThat(heard.refusals).containsExactly(Refusal.DOWN, Refusal.DOWN);
  }

  @Test
  void probeThatFindsNoRoom_givesItsPlaceToAnother() {
    var tight = guard(LimiterPolicy.defaults().max(1));
    var command = new CompletableFuture<Void>();
    for (var call = 0; call < 5; call++) {
      tight.read(READ, in(10));
      var sent = backend.reads.remove();
      if (call == 4) {
        sent.context().occupancy().until(command);
      }
      sent.answer().complete(DOWN);
    }
    time.advance(Duration.ofMillis(100));
    for (var probe = 0; probe < 5; probe++) {
      assertThat(failures(tight.read(READ, in(10)))).allMatch(Overloaded.class::isInstance);
    }

    command.complete(null);

    assertThat(tight.read(READ, in(10))).isNotDone();
  }

  @Test
  void pushBack_takesNoMoreForASecondAndStaysUp() {
    for (var call = 0; call < 20; call++) {
      guarded.read(READ, in(10));
      backend.reads.remove().answer().complete(THROTTLED);
    }
    assertThat(guarded.vitals().takesMore()).isFalse();
    assertThat(guarded.vitals().state()).isNotEqualTo(EndpointState.DOWN);

    time.advance(Duration.ofMillis(999));
    assertThat(guarded.vitals().takesMore()).isFalse();
    time.advance(Duration.ofMillis(1));
    assertThat(guarded.vitals().takesMore()).isTrue();
  }

  @Test
  void nearlyFull_takesNoMore() {
    var roomy = guard(LimiterPolicy.defaults().max(10));
    for (var call = 0; call < 7; call++) {
      roomy.read(READ, in(10));
    }
    assertThat(roomy.vitals().takesMore()).isTrue();

    roomy.read(READ, in(10));

    assertThat(roomy.vitals().takesMore()).isFalse();
    assertThat(roomy.vitals().inFlight()).isEqualTo(8);
    assertThat(roomy.vitals().limit()).isEqualTo(10);
    assertThat(roomy.vitals().endpoint().id()).isEqualTo("replica-1");
  }

  @Test
  void listener_hearsOfFailuresAndStates() {
    bringDown();

    assertThat(heard.attempts).hasSize(5).allMatch(each -> each.result() == Attempt.Result.FAILED);
    assertThat(heard.states).containsExactly("PROBING DEGRADED", "DEGRADED DOWN");
  }

  private void bringDown() {
    for (var call = 0; call < 5; call++) {
      guarded.read(READ, in(10));
      backend.reads.remove().answer().complete(DOWN);
    }
  }

  private Attempt.Result resultOf(ReadOutcome... outcomes) {
    guarded.read(READ, in(10));
    backend.reads.remove().answer().complete(new ReadResult(List.of(outcomes)));
    return result();
  }

  private Attempt.Result result() {
    return heard.attempts.get(heard.attempts.size() - 1).result();
  }

  private CallContext in(long millis) {
    return CallContext.of(Deadline.after(Duration.ofMillis(millis), time));
  }

  private static List<ServingException> failures(CompletableFuture<ReadResult> answer) {
    return answer.join().outcomes().stream()
        .map(outcome -> ((ReadOutcome.Failed) outcome).cause())
        .toList();
  }

  private static ServingException failure(CompletableFuture<WriteResult> answer) {
    return ((WriteOutcome.Failed) answer.join().outcomes().get(0)).cause();
  }
}
