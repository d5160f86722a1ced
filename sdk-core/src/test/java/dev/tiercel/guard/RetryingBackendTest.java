package dev.tiercel.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Barriers;
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
import dev.tiercel.budget.AttemptBudget;
import dev.tiercel.budget.BudgetPolicy;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.InvalidRequest;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Throttled;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.health.Endpoint;
import dev.tiercel.observe.Refusal;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RetryingBackendTest {

  private static final Where AT = Where.at("manual", "here");
  private static final Where UNSENT = new Where("manual", "here", "", Duration.ZERO, 0);
  private static final ReadRequest READ = ReadRequest.of("k", List.of("a", "b", "c"));
  private static final ReadOutcome ABSENT = ReadOutcome.Absent.unknown(Origin.source(""));
  private static final EncodedEntry ENTRY = EncodedEntry.plain(new byte[1]);
  private static final ReadOutcome FOUND = new ReadOutcome.Found(ENTRY, Origin.source(""));
  private static final WriteOutcome STORED = new WriteOutcome.Stored(7);
  private static final WriteOutcome REJECTED = new WriteOutcome.Rejected(9);

  private final Unavailable gone = new Unavailable("server: gone", AT, null);
  private final Throttled more = new Throttled("rate: too high", AT, null);
  private final OutcomeUnknown unknown = new OutcomeUnknown("answer: lost", AT, null);
  private final FakeTime time = new FakeTime();
  private final ManualBackend backend = new ManualBackend();
  private final Heard heard = new Heard();
  private final AttemptBudget budget = new AttemptBudget(BudgetPolicy.defaults(), time);
  private final RetryingBackend retrying = retrying(RetryPolicy.defaults());

  private RetryingBackend retrying(RetryPolicy policy) {
    return new RetryingBackend(
        backend,
        Endpoint.primary("manual", "here"),
        policy,
        budget,
        heard,
        new Fraction(0.5),
        time);
  }

  @Test
  void read_answered_isPassedOnAsItIs() {
    var answer = retrying.read(READ, in(100));
    var result = read(ABSENT, FOUND, ABSENT);
    backend.reads.remove().answer().complete(result);

    assertThat(answer.join()).isSameAs(result);
    assertThat(time.pendingTimers()).isZero();
    assertThat(budget.tokens()).isEqualTo(20);
  }

  @Test
  void read_answeredAtOnce_isTheSameFuture() {
    backend.next = CompletableFuture.completedFuture(read(ABSENT, FOUND, ABSENT));
    var sent = backend.next;

    assertThat(retrying.read(READ, in(100))).isSameAs(sent);
  }

  @Test
  void read_someKeysFail_onlyTheyAreAskedAgainAndOrderIsKept() {
    var answer = retrying.read(READ, in(100));
    answerRead(failed(gone), FOUND, failed(more));
    time.advance(Duration.ofMillis(5));

    assertThat(backend.reads.peek().request().keys()).containsExactly("a", "c");
    assertThat(backend.reads.peek().context().attempt()).isEqualTo(2);
    answerRead(ABSENT, FOUND);

    assertThat(answer.join().outcomes()).containsExactly(ABSENT, FOUND, FOUND);
    assertThat(heard.retries).containsExactly("2 Unavailable");
    assertThat(budget.tokens()).isEqualTo(18);
  }

  @Test
  void read_pausesAreHalfOfTenAndTwentyMillis() {
    retrying.read(READ, in(100));
    answerRead(failed(gone), ABSENT, ABSENT);
    time.advance(Duration.ofNanos(4_999_999));
    assertThat(backend.reads).isEmpty();
    time.advance(Duration.ofNanos(1));
    answerRead(failed(gone));
    time.advance(Duration.ofNanos(9_999_999));
    assertThat(backend.reads).isEmpty();
    time.advance(Duration.ofNanos(1));
    assertThat(backend.reads).hasSize(1);
  }

  @Test
  void pause_growsToTheCapAndIsAllLeftToChance() {
    var policy = RetryPolicy.defaults();

    assertThat(policy.pause(1, 1)).isEqualTo(Duration.ofMillis(10));
    assertThat(policy.pause(5, 1)).isEqualTo(Duration.ofMillis(160));
    assertThat(policy.pause(6, 1)).isEqualTo(Duration.ofMillis(200));
    assertThat(policy.pause(1_000, 1)).isEqualTo(Duration.ofMillis(200));
    assertThat(policy.pause(6, 0)).isEqualTo(Duration.ZERO);
  }

  @Test
  void read_failsThreeTimes_endsWithTheFirstFailureAndAllAttempts() {
    var answer = retrying.read(READ, in(100));
    answerRead(failed(gone), ABSENT, ABSENT);
    time.advance(Duration.ofMillis(5));
    answerRead(failed(more));
    time.advance(Duration.ofMillis(10));
    answerRead(failed(gone));

    var failure = failure(answer.join().outcomes().get(0));
    assertThat(failure).isInstanceOf(Unavailable.class).hasSuppressedException(more);
    assertThat(failure.getSuppressed()).hasSize(2);
    assertThat(failure.where().attempts()).isEqualTo(3);
    assertThat(failure.where().elapsed()).isEqualTo(Duration.ofMillis(15));
    assertThat(gone.getSuppressed()).isEmpty();
    assertThat(time.pendingTimers()).isZero();
  }

  @Test
  void read_retryAnswersForGood_thatCounts() {
    var invalid = new ReadOutcome.Failed(new InvalidRequest("key: bad", AT, null));
    var answer = retrying.read(READ, in(100));
    answerRead(failed(gone), ABSENT, ABSENT);
    time.advance(Duration.ofMillis(5));
    answerRead(invalid);

    assertThat(answer.join().outcomes()).containsExactly(invalid, ABSENT, ABSENT);
  }

  static Stream<ServingException> notRetried() {
    return Stream.of(
        new Overloaded("calls in flight: 2 (expected: fewer)", AT, null),
        new Unavailable("endpoint: down (expected: up)", UNSENT, null),
        new Throttled("rate: too high here", UNSENT, null),
        new DeadlineExceeded("deadline: passed", AT, null),
        new InvalidRequest("key: bad", AT, null));
  }

  @ParameterizedTest
  @MethodSource("notRetried")
  void read_failsInAWayThatDoesNotPass_isNotMadeAgain(ServingException failure) {
    var answer = retrying.read(READ, in(100));
    var result = read(failed(failure), failed(failure), failed(failure));
    backend.reads.remove().answer().complete(result);

    assertThat(answer.join()).isSameAs(result);
    assertThat(time.pendingTimers()).isZero();
  }

  @Test
  void read_barriersOfAllAttempts_areToldTogether() {
    var answer = retrying.read(READ, in(100));
    backend
        .reads
        .remove()
        .answer()
        .complete(new ReadResult(
            List.of(failed(gone), ABSENT, ABSENT),
            new Barriers(5, Barriers.of("x", 5).byGroup())));
    time.advance(Duration.ofMillis(5));
    backend.reads.remove().answer().complete(new ReadResult(List.of(FOUND), Barriers.of("y", 6)));

    assertThat(answer.join().barriers()).isEqualTo(Barriers.of("x", 5).and(Barriers.of("y", 6)));
  }

  @Test
  void pauseThatDoesNotFitIntoTheDeadline_isNotBegun() {
    var answer = retrying.read(READ, in(5));
    answerRead(failed(gone), ABSENT, ABSENT);

    assertThat(failure(answer.join().outcomes().get(0))).isSameAs(gone);
    assertThat(time.pendingTimers()).isZero();
    assertThat(budget.tokens()).isEqualTo(20);
  }

  @Test
  void budgetIsEmpty_nothingIsMadeAgain() {
    while (budget.tryPay(1)) {
      assertThat(budget.tokens()).isNotNegative();
    }
    var answer = retrying.read(READ, in(100));
    answerRead(failed(gone), FOUND, ABSENT);

    assertThat(answer.join().outcomes()).containsExactly(failed(gone), FOUND, ABSENT);
    assertThat(heard.refusals).containsExactly(Refusal.RETRY_BUDGET);
    assertThat(heard.retries).isEmpty();
  }

  @Test
  void everythingFails_retriesEndWithTheBudget() {
    for (var call = 0; call < 1_000; call++) {
      retrying.read(READ, in(100));
      answerRead(failed(gone), failed(gone), failed(gone));
      time.advance(Duration.ofMillis(20));
      while (!backend.reads.isEmpty()) {
        answerRead(failed(gone), failed(gone), failed(gone));
        time.advance(Duration.ofMillis(20));
      }
    }

    assertThat(heard.retries).hasSize(20 / 3);
  }

  @Test
  void cancelDuringThePause_endsItAndNothingIsSent() {
    var answer = retrying.read(READ, in(100));
    answerRead(failed(gone), ABSENT, ABSENT);
    assertThat(time.pendingTimers()).isEqualTo(1);

    answer.cancel(true);

    assertThat(time.pendingTimers()).isZero();
  }

  @Test
  void cancel_reachesTheAttemptBeingMade() {
    var first = retrying.read(READ, in(100));
    first.cancel(true);
    assertThat(backend.reads.remove().answer()).isCancelled();

    var second = retrying.read(READ, in(100));
    answerRead(failed(gone), ABSENT, ABSENT);
    time.advance(Duration.ofMillis(5));
    second.cancel(true);

    assertThat(backend.reads.remove().answer()).isCancelled();
  }

  @Test
  void close_endsPausesWithWhatThereIs() {
    var answer = retrying.read(READ, in(100));
    answerRead(failed(gone), FOUND, ABSENT);

    retrying.close();

    assertThat(answer.join().outcomes()).containsExactly(failed(gone), FOUND, ABSENT);
    assertThat(time.pendingTimers()).isZero();
    assertThat(backend.closed).isTrue();
  }

  @Test
  void off_failuresArePassedOn() {
    var off = retrying(RetryPolicy.off());
    var answer = off.read(READ, in(100));
    answerRead(failed(gone), FOUND, ABSENT);

    assertThat(answer.join().outcomes()).containsExactly(failed(gone), FOUND, ABSENT);
  }

  static Stream<Mutation> mutations() {
    return Stream.of(
        put(Condition.ALWAYS),
        put(Condition.IF_ABSENT),
        put(Condition.IF_NEWER),
        put(new Condition.IfVersion(3)),
        new Mutation.Fill("a", ENTRY, new Condition.IfLease(1)),
        new Mutation.Renew("a", new Condition.IfLease(1), Duration.ofSeconds(1)),
        new Mutation.Release("a", new Condition.IfLease(1)),
        new Mutation.Forget("a", Duration.ZERO),
        new Mutation.Mark("a", 7, Duration.ofSeconds(1)),
        new Mutation.Barrier(""));
  }

  @ParameterizedTest
  @MethodSource("mutations")
  void write_nothingWasDone_isMadeAgainIfSomebodyWaitsForIt(Mutation mutation) {
    var answer = retrying.write(new WriteRequest("k", List.of(mutation)), in(100));
    answerWrite(failedWrite(gone));
    if (isInTheBackground(mutation)) {
      assertThat(answer).as("nobody waits for it: it is not paid for").isDone();
      assertThat(budget.tokens()).isEqualTo(20);
      return;
    }
    time.advance(Duration.ofMillis(5));
    answerWrite(STORED);

    assertThat(answer.join().outcomes()).containsExactly(STORED);
  }

  private static boolean isInTheBackground(Mutation mutation) {
    return mutation instanceof Mutation.Fill
        || mutation instanceof Mutation.Renew
        || mutation instanceof Mutation.Release;
  }

  @ParameterizedTest
  @MethodSource("mutations")
  void write_outcomeUnknown_isMadeAgainOnlyIfItCannotBeAppliedTwice(Mutation mutation) {
    var again = mutation instanceof Mutation.Mark
        || (mutation instanceof Mutation.Put
            && (mutation.condition() instanceof Condition.IfVersion
                || mutation.condition() instanceof Condition.IfNewer));
    retrying.write(new WriteRequest("k", List.of(mutation)), in(100));
    answerWrite(failedWrite(unknown));
    time.advance(Duration.ofMillis(100));

    assertThat(backend.writes).hasSize(again ? 1 : 0);
  }

  @Test
  void write_outcomeUnknownSinceTimeRanOut_isNotMadeAgain() {
    var late = new OutcomeUnknown("time: up", AT, new DeadlineExceeded("time: up", AT, null));
    for (var failure : List.of(late, late.at(Where.at("manual", "there")))) {
      var answer = retrying.write(put(), in(100));
      answerWrite(failedWrite(failure));

      assertThat(answer).isDone();
      assertThat(failureOf(answer.join().outcomes().get(0))).isSameAs(failure);
    }
    assertThat(heard.retries).isEmpty();
  }

  @Test
  void write_outcomeUnknownThenStored_isStored() {
    assertThat(unknownThen(STORED)).isEqualTo(STORED);
  }

  @Test
  void write_outcomeUnknownThenRejected_staysUnknown() {
    assertThat(failureOf(unknownThen(REJECTED))).isSameAs(unknown);
  }

  @Test
  void write_outcomeUnknownThenRefused_staysUnknown() {
    var refused = new Overloaded("calls in flight: 2 (expected: fewer)", UNSENT, null);
    var failure = failureOf(unknownThen(failedWrite(refused)));

    assertThat(failure).isInstanceOf(OutcomeUnknown.class).hasSuppressedException(refused);
    assertThat(failure.where().attempts()).isEqualTo(1);
  }

  @Test
  void write_outcomeUnknownThenInvalid_staysUnknown() {
    var invalid = new InvalidRequest("value: too large", AT, null);

    assertThat(failureOf(unknownThen(failedWrite(invalid)))).isInstanceOf(OutcomeUnknown.class);
  }

  @Test
  void write_unavailableThenUnknown_isUnknown() {
    var answer = retrying.write(put(), in(100));
    answerWrite(failedWrite(gone));
    time.advance(Duration.ofMillis(5));
    var late = new OutcomeUnknown("deadline: passed", AT, null);
    answerWrite(failedWrite(late));
    time.advance(Duration.ofMillis(10));
    answerWrite(failedWrite(gone));

    var failure = failureOf(answer.join().outcomes().get(0));
    assertThat(failure).isInstanceOf(OutcomeUnknown.class).hasSuppressedException(gone);
    assertThat(failure.where().attempts()).isEqualTo(3);
  }

  @Test
  void write_unavailableThenRejected_isRejected() {
    var answer = retrying.write(put(), in(100));
    answerWrite(failedWrite(more));
    time.advance(Duration.ofMillis(5));
    answerWrite(REJECTED);

    assertThat(answer.join().outcomes()).containsExactly(REJECTED);
  }

  private WriteOutcome unknownThen(WriteOutcome second) {
    var answer = retrying.write(put(), in(100));
    answerWrite(failedWrite(unknown));
    time.advance(Duration.ofMillis(5));
    answerWrite(second);
    return answer.join().outcomes().get(0);
  }

  private static WriteRequest put() {
    return new WriteRequest("k", List.of(put(Condition.IF_NEWER)));
  }

  private static Mutation put(Condition condition) {
    return new Mutation.Put("a", ENTRY, condition);
  }

  private void answerRead(ReadOutcome... outcomes) {
    backend.reads.remove().answer().complete(read(outcomes));
  }

  private void answerWrite(WriteOutcome outcome) {
    backend.writes.remove().answer().complete(new WriteResult(List.of(outcome)));
  }

  private static ReadResult read(ReadOutcome... outcomes) {
    return new ReadResult(List.of(outcomes));
  }

  private static ReadOutcome failed(ServingException cause) {
    return new ReadOutcome.Failed(cause);
  }

  private static WriteOutcome failedWrite(ServingException cause) {
    return new WriteOutcome.Failed(cause);
  }

  private static ServingException failure(ReadOutcome outcome) {
    return ((ReadOutcome.Failed) outcome).cause();
  }

  private static ServingException failureOf(WriteOutcome outcome) {
    return ((WriteOutcome.Failed) outcome).cause();
  }

  private CallContext in(long millis) {
    return CallContext.of(Deadline.after(Duration.ofMillis(millis), time));
  }
}
