package dev.tiercel.hedge;

import static dev.tiercel.hedge.FakeEndpoint.absent;
import static dev.tiercel.hedge.FakeEndpoint.found;
import static dev.tiercel.hedge.FakeEndpoint.put;
import static dev.tiercel.hedge.Given.failed;
import static dev.tiercel.hedge.Given.leased;
import static dev.tiercel.hedge.Given.outcome;
import static dev.tiercel.hedge.Given.read;
import static dev.tiercel.hedge.Given.unavailable;
import static dev.tiercel.hedge.Given.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.Freshness;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.budget.AttemptBudget;
import dev.tiercel.budget.BudgetPolicy;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Unavailable;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HedgedBackendTest {

  private static final ReadOutcome V1 = found(1);

  private final Given given = Given.alone();
  private final FakeEndpoint main = given.main;

  @Test
  void read_answeredAtOnce_isPassedOnWithoutATimer() {
    var result = new ReadResult(List.of(V1));
    var atOnce = CompletableFuture.completedFuture(result);
    var backend = new HedgedBackend(
        Route.main(new AnsweringAtOnce(main, atOnce), main),
        List.of(),
        HedgePolicy.defaults(),
        ReplicaReads.HEDGE,
        given.budget,
        ServingListener.NONE,
        given.time);

    assertThat(backend.read(read("a"), given.context())).isSameAs(atOnce);
    assertThat(given.time.pendingTimers()).isZero();
  }

  @Test
  void read_onItsWay_hasOneTimerAndNoneAfterItsAnswer() {
    given.warm();

    var answer = given.get("a");
    assertThat(given.time.pendingTimers()).isEqualTo(1);
    given.time.advance(Given.SLOW);
    assertThat(given.time.pendingTimers()).isEqualTo(1);
    main.read(0).found(1);

    assertThat(answer).isDone();
    assertThat(given.time.pendingTimers()).isZero();
  }

  @Test
  void read_coldStart_nothingIsHedged() {
    var answers = new CompletableFuture<?>[HedgePolicy.defaults().warmUp()];
    for (var count = 0; count < answers.length; count++) {
      answers[count] = given.get("a");
    }

    given.time.advance(Duration.ofMillis(49));

    assertThat(main.reads).hasSameSizeAs(answers);
    assertThat(answers).noneMatch(CompletableFuture::isDone);
  }

  @Test
  void read_slow_isAskedAgainAndTheFirstAnswerWins() {
    given.warm();

    var answer = given.slow(read("a"));
    assertThat(main.reads).hasSize(2);
    assertThat(main.read(1).context().attempt()).isEqualTo(2);
    main.read(1).found(2);

    assertThat(version(answer)).isEqualTo(2);
    assertThat(given.heard)
        .containsExactly("primary is slow: primary asked for 1", "primary won 1");
  }

  @Test
  void read_notSlow_isNotAskedAgain() {
    given.warm();

    given.get("a");
    given.time.advance(Duration.ofNanos(900_000));

    assertThat(main.reads).hasSize(1);
  }

  @Test
  void read_oneMarginAfterTheHedge_isNotAskedAThirdTime() {
    given.warm();

    given.slow(read("a"));
    given.time.advance(Duration.ofMillis(40));

    assertThat(main.reads).hasSize(2);
  }

  @Test
  void read_hedgeIsSlowToo_isAskedAThirdTimeAndNoFourth() {
    given.policy(HedgePolicy.defaults()).warm();

    var answer = given.slow(read("a"));
    assertThat(main.reads).hasSize(2);
    given.time.advance(Given.SLOW);
    assertThat(main.reads).hasSize(3);
    given.time.advance(Duration.ofMillis(20));
    assertThat(main.reads).hasSize(3);
    main.read(2).found(3);

    assertThat(version(answer)).isEqualTo(3);
    assertThat(main.reads.subList(0, 2)).allMatch(read -> read.answer().isCancelled());
    assertThat(given.budget.tokens()).isEqualTo(18);
    assertThat(given.time.pendingTimers()).isZero();
  }

  @Test
  void read_hedgeRefused_isNotTriedAgain() {
    given.policy(HedgePolicy.defaults()).warm();
    main.takesMore = false;

    given.slow(read("a"));
    main.takesMore = true;
    given.time.advance(Given.SLOW);

    assertThat(main.reads).hasSize(1);
    assertThat(given.heard).containsExactly("primary: HEDGE_SATURATED");
  }

  @Test
  void read_everyHedgeHangs_endsByTheDeadline() {
    given.policy(HedgePolicy.defaults()).warm();

    var answer = given.slow(read("a"));
    given.time.advance(Given.DEADLINE.minus(Given.SLOW));

    assertThat(failure(answer)).isInstanceOf(DeadlineExceeded.class);
    assertThat(main.reads).hasSize(3).allMatch(read -> read.answer().isCancelled());
    assertThat(given.time.pendingTimers()).isZero();
  }

  @Test
  void read_policyOff_isNeverAskedAgain() {
    given.policy(HedgePolicy.off()).warm();

    given.slow(read("a"));

    assertThat(main.reads).hasSize(1);
  }

  @Test
  void read_hedgeWins_cancelsTheFirstDownToTheEndpointsOwnFuture() {
    given.warm();

    given.slow(read("a"));
    main.read(1).found(1);

    assertThat(main.read(0).answer()).isCancelled();
  }

  @Test
  void read_firstWins_cancelsTheHedgeDownToTheEndpointsOwnFuture() {
    given.warm();

    var answer = given.slow(read("a"));
    main.read(0).found(1);

    assertThat(version(answer)).isEqualTo(1);
    assertThat(main.read(1).answer()).isCancelled();
    assertThat(given.heard).containsExactly("primary is slow: primary asked for 1");
  }

  @Test
  void read_callerLeaves_cancelsAllThatIsOnItsWay() {
    given.warm();

    var answer = given.slow(read("a"));
    answer.cancel(true);

    assertThat(main.reads).allMatch(read -> read.answer().isCancelled());
    assertThat(given.time.pendingTimers()).isZero();
  }

  @Test
  void read_firstFailsWhileTheHedgeIsOut_waitsForTheHedge() {
    given.warm();

    var answer = given.slow(read("a"));
    main.read(0).answer(failed("first"));
    assertThat(answer).isNotDone();
    main.read(1).found(2);

    assertThat(version(answer)).isEqualTo(2);
  }

  @Test
  void read_hedgeFails_waitsForTheFirst() {
    given.warm();

    var answer = given.slow(read("a"));
    main.read(1).answer().completeExceptionally(new IllegalStateException());
    assertThat(answer).isNotDone();
    main.read(0).found(1);

    assertThat(version(answer)).isEqualTo(1);
  }

  @Test
  void read_allFail_theFirstFailureIsToldWithTheOtherSuppressed() {
    given.warm();
    var shared = unavailable("first");

    var answer = given.slow(read("a"));
    main.read(0).answer(new ReadOutcome.Failed(shared));
    main.read(1).answer(failed("second"));

    assertThat(failure(answer).what()).isEqualTo("first");
    assertThat(failure(answer).getSuppressed())
        .singleElement()
        .isInstanceOfSatisfying(
            Unavailable.class, other -> assertThat(other.what()).isEqualTo("second"));
    assertThat(shared.getSuppressed()).isEmpty();
  }

  @Test
  void read_throwsOrFailsAsAWhole_failsEachKey() {
    var answer = given.get("a", "b");
    main.read(0).answer().completeExceptionally(new IllegalStateException("no text of others"));

    assertThat(failure(answer))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("IllegalStateException")
        .hasMessageNotContaining("no text of others");
    assertThat(answer.join().outcomes()).hasSize(2);
  }

  @Test
  void read_emptyBudget_goesOnWithTheFirstAlone() {
    given.budget(BudgetPolicy.defaults().ratio(0).burst(1)).warm();
    assertThat(given.budget.tryPay(1)).isTrue();

    var answer = given.slow(read("a"));
    assertThat(main.reads).hasSize(1);
    assertThat(main.read(0).answer()).isNotCancelled();
    main.read(0).found(1);

    assertThat(version(answer)).isEqualTo(1);
    assertThat(given.heard).containsExactly("primary: HEDGE_BUDGET");
  }

  @Test
  void read_oneASecondAfterAQuietTime_mayStillBeHedged() {
    given.warm();
    given.time.advance(Duration.ofHours(1));
    var hedged = 0;
    for (var second = 0; second < 200; second++) {
      given.time.advance(Duration.ofSeconds(1));
      main.reads.clear();
      given.get("a");
      given.time.advance(second % 100 == 0 ? Given.SLOW : Duration.ofNanos(900_000));
      hedged += main.reads.size() - 1;
      main.read(0).found(1);
    }

    assertThat(hedged).isEqualTo(2);
  }

  @Test
  void read_endpointTakesNoMore_isNotHedged() {
    given.warm();
    // Saturated, pushed back or broken: the vitals say so in one word.
    main.takesMore = false;

    var answer = given.slow(read("a"));
    assertThat(main.reads).hasSize(1);
    main.read(0).found(1);

    assertThat(version(answer)).isEqualTo(1);
    assertThat(given.heard).containsExactly("primary: HEDGE_SATURATED");
    assertThat(given.budget.tokens()).isEqualTo(20);
  }

  @Test
  void read_endpointNotWorthAskingTwice_isNotHedged() {
    var once = new FakeEndpoint("primary");
    var budget = new AttemptBudget(BudgetPolicy.defaults(), given.time);
    var backend = new HedgedBackend(
        once.main(),
        List.of(),
        HedgePolicy.defaults().warmUp(1),
        ReplicaReads.HEDGE,
        budget,
        given,
        given.time);
    var first = backend.read(read("a"), given.context());
    once.lastRead().found(1);
    first.join();

    backend.read(read("a"), given.context());
    given.time.advance(Duration.ofMillis(49));

    assertThat(once.reads).hasSize(2);
    assertThat(given.heard).isEmpty();
  }

  @Test
  void read_batch_hedgesOnlyUnfinishedKeysAndPaysPerKey() {
    var given = Given.replicas(2).spread().warm(read("a", "b", "c"));
    var other = given.replicas.get(1);
    other.takesMore = false;
    var answer = given.readAtReplica(read("a", "b", "c"));
    given.replica().lastRead().answers(found(5), absent(), absent());
    var tokens = given.budget.tokens();
    other.takesMore = true;
    given.time.advance(Given.SLOW);

    assertThat(given.heard).containsExactly("replica-1 is slow: replica-2 asked for 2");
    assertThat(other.lastRead().request().keys()).containsExactly("b", "c");
    assertThat(given.budget.tokens()).isEqualTo(tokens - 2);
    other.lastRead().answers(found(6), absent());
    assertThat(answer).isNotDone();
    given.main.lastRead().answers(found(7), found(8));
    assertThat(List.of(version(answer, 0), version(answer, 1), version(answer, 2)))
        .containsExactly(5L, 6L, 8L);
  }

  @Test
  void read_leased_isAskedAgainWithoutLeaseAndOnlyAValueWins() {
    given.warm(leased("warm"));

    var answer = given.slow(leased("a"));
    assertThat(main.read(0).request().lease()).isPositive();
    assertThat(main.read(1).request().lease()).isZero();
    main.read(1).answer(absent());
    assertThat(answer).isNotDone();
    main.read(0).answer(absent());

    assertThat(outcome(answer, 0)).isInstanceOf(ReadOutcome.Absent.class);
  }

  @Test
  void read_leasedAndAskedAgain_aValueThatIsNotFreshDoesNotWin() {
    given.warm(leased("warm"));
    var request = leased("a").withFreshness(new Freshness(5, Duration.ofDays(99_999)));

    var answer = given.slow(request);
    main.read(1).found(4);
    assertThat(answer).isNotDone();
    main.read(0).found(5);

    assertThat(version(answer)).isEqualTo(5);
  }

  @Test
  void read_notLeased_absenceWinsToo() {
    given.warm();

    var answer = given.slow(read("a"));
    main.read(1).answer(absent());

    assertThat(outcome(answer, 0)).isInstanceOf(ReadOutcome.Absent.class);
  }

  @Test
  void read_allHang_endsByItsDeadlineAndCancelsAll() {
    given.warm();

    var answer = given.slow(read("a"));
    given.time.advance(Given.DEADLINE.minus(Given.SLOW).minusNanos(1));
    assertThat(answer).isNotDone();
    given.time.advance(Duration.ofNanos(1));

    assertThat(failure(answer)).isInstanceOf(DeadlineExceeded.class);
    assertThat(failure(answer).where().elapsed()).isEqualTo(Given.DEADLINE);
    assertThat(failure(answer).where().attempts()).isEqualTo(2);
    assertThat(main.reads).allMatch(read -> read.answer().isCancelled());
    assertThat(given.time.pendingTimers()).isZero();
  }

  @Test
  void read_oneLegFailedAndTheOtherHangs_endsLateWithTheFailureSuppressed() {
    given.warm();

    var answer = given.slow(read("a"));
    main.read(1).answer(failed("hedge"));
    given.time.advance(Given.DEADLINE);

    assertThat(failure(answer)).isInstanceOf(DeadlineExceeded.class);
    assertThat(failure(answer).getSuppressed())
        .singleElement()
        .isInstanceOfSatisfying(
            ServingException.class, hedge -> assertThat(hedge.what()).isEqualTo("hedge"));
  }

  @Test
  void read_deadlineBeforeTheDelay_isNotHedged() {
    given.warm();
    var brief = CallContext.of(Deadline.after(Duration.ofNanos(800_000), given.time));

    var answer = given.backend.read(read("a"), brief);
    given.time.advance(Given.SLOW);

    assertThat(failure(answer)).isInstanceOf(DeadlineExceeded.class);
    assertThat(main.reads).hasSize(1);
  }

  @Test
  void read_callerEndsItsFutureInAnotherWay_nothingMoreIsSentAndWhatIsOnItsWayIsCancelled() {
    given.warm();

    var answer = given.get("a");
    answer.completeExceptionally(new IllegalStateException());
    given.time.advance(Given.SLOW);

    assertThat(main.reads).hasSize(1);
    assertThat(main.read(0).answer()).isCancelled();
    assertThat(given.time.pendingTimers()).isZero();
  }

  @Test
  void calls_afterTheDeadline_sendNothing() {
    var over = CallContext.of(Deadline.after(Duration.ZERO, given.time));

    var answer = given.backend.read(read("a"), over);
    var written = given.backend.write(put("a"), over);

    assertThat(failure(answer)).isInstanceOf(DeadlineExceeded.class);
    assertThat(failure(written.join())).isInstanceOf(DeadlineExceeded.class);
    assertThat(main.reads).isEmpty();
    assertThat(main.writes).isEmpty();
  }

  @Test
  void read_firstAttemptAnswered_paysIn() {
    given.budget(BudgetPolicy.defaults().ratio(0.5).burst(2)).warm();
    assertThat(given.budget.tryPay(2)).isTrue();

    given.get("a", "b");
    main.lastRead().answers(V1, failed("b"));
    assertThat(given.budget.tokens()).isZero();
    given.get("a");
    main.lastRead().found(1);
    assertThat(given.budget.tokens()).isEqualTo(1);
  }

  @Test
  void read_hedgeOrLaterAttemptAnswered_paysNothingIn() {
    given.budget(BudgetPolicy.defaults().ratio(1).burst(2)).warm();
    assertThat(given.budget.tryPay(1)).isTrue();

    given.slow(read("a"));
    main.lastRead().found(1);
    given.backend.read(read("a"), given.context().attempt(2));
    main.lastRead().found(1);

    assertThat(given.budget.tokens()).isZero();
  }

  @Test
  void read_losersAreMeasured_theDelayDoesNotFollowTheWinners() {
    given.budget(BudgetPolicy.defaults().ratio(1).burst(1_000)).warm();
    for (var count = 0; count < 400; count++) {
      main.reads.clear();
      // Every tenth first attempt hangs; what is asked again answers at once.
      var answer = given.get("a");
      if (count % 10 == 0) {
        given.time.advance(Duration.ofMillis(2));
        main.lastRead().found(1);
      } else {
        given.time.advance(Duration.ofNanos(600_000));
        main.read(0).found(1);
      }
      answer.join();
    }
    main.reads.clear();

    given.get("a");
    given.time.advance(Duration.ofNanos(1_500_000));
    assertThat(main.reads).hasSize(1);
    given.time.advance(Duration.ofMillis(2));
    assertThat(main.reads).hasSize(2);
  }

  @Test
  void read_quickEndpoint_isHedgedWithinAMillisecond() {
    given.policy(HedgePolicy.defaults().floor(Duration.ofNanos(50_000)));
    for (var count = 0; count < 200; count++) {
      given.get("a");
      given.time.advance(Duration.ofNanos(300_000));
      main.lastRead().found(1);
    }
    main.reads.clear();

    given.get("a");
    given.time.advance(Duration.ofNanos(310_000));

    assertThat(main.reads).hasSize(2);
  }

  @Test
  void read_otherKindOfRead_hasAWarmUpOfItsOwn() {
    given.warm();

    given.slow(leased("a"));
    given.slow(Given.consistent("a"));
    assertThat(main.reads).hasSize(2);
    given.slow(read("a"));
    assertThat(main.reads).hasSize(4);
  }

  @Test
  void read_largerBatch_isSlowAfterTwiceWhatTheSmallerMayTake() {
    given.warm();

    given.slow(read("a", "b"));
    assertThat(main.reads).hasSize(1);
    given.time.advance(Given.SLOW);
    assertThat(main.reads).hasSize(2);
  }

  @Test
  void read_largeBatchesThatStall_doNotLearnTheStallAsNormal() {
    given.budget(BudgetPolicy.defaults().burst(1)).warm();
    var keys = new String[] {"a", "b", "c"};
    for (var count = 0; count < 200; count++) {
      given.get(keys);
      given.time.advance(Duration.ofMillis(40));
      main.lastRead().answers(V1, V1, V1);
    }
    given.budget.succeeded(1_000);
    main.reads.clear();

    given.get(keys);
    given.time.advance(Duration.ofMillis(3));

    assertThat(main.reads).hasSize(2);
  }

  @Test
  void write_slow_isNeverSentTwiceAndEndsByItsDeadline() {
    given.warm();

    var answer = given.backend.write(put("a"), given.context());
    given.time.advance(Given.DEADLINE.minusNanos(1));
    assertThat(answer).isNotDone();
    given.time.advance(Duration.ofNanos(1));

    assertThat(main.writes).hasSize(1);
    assertThat(main.writes.get(0)).isCancelled();
    assertThat(failure(answer.join())).isInstanceOf(OutcomeUnknown.class);
    assertThat(given.time.pendingTimers()).isZero();
  }

  @Test
  void write_acknowledged_isPassedOnAndItsTimerForgotten() {
    var answer = given.backend.write(put("a"), given.context());
    main.stored(7);

    assertThat(answer.join().outcomes()).containsExactly(new WriteOutcome.Stored(7));
    assertThat(given.time.pendingTimers()).isZero();
  }

  @Test
  void write_failsAsAWhole_outcomeIsUnknown() {
    var answer = given.backend.write(put("a"), given.context());
    main.writes.get(0).completeExceptionally(new IllegalStateException());

    assertThat(failure(answer.join())).isInstanceOf(OutcomeUnknown.class);
  }

  @Test
  void write_callerLeaves_cancelsTheEndpointsOwnFuture() {
    var answer = given.backend.write(put("a"), given.context());
    answer.cancel(true);

    assertThat(main.writes.get(0)).isCancelled();
    assertThat(given.time.pendingTimers()).isZero();
  }

  @Test
  void close_closesEveryEndpointAndTellsOfNoReplicas() {
    var given = Given.replicas(1);

    given.backend.close();

    assertThat(given.main.closed).isTrue();
    assertThat(given.replica().closed).isTrue();
    assertThat(given.backend.replicas()).isEmpty();
  }

  @Test
  void constructor_mainAndReplicaMixedUp_isRefused() {
    var replica = new FakeEndpoint("replica-1").replica(Given.LAG);

    assertThatThrownBy(() -> new HedgedBackend(
            replica,
            List.of(),
            HedgePolicy.defaults(),
            ReplicaReads.HEDGE,
            given.budget,
            ServingListener.NONE,
            given.time))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ServingException failure(CompletableFuture<ReadResult> answer) {
    return Given.failure(answer);
  }

  private static ServingException failure(WriteResult result) {
    return ((WriteOutcome.Failed) result.outcomes().get(0)).cause();
  }

  private static final class AnsweringAtOnce extends ForwardingBackend {

    private final CompletableFuture<ReadResult> answer;

    AnsweringAtOnce(Backend delegate, CompletableFuture<ReadResult> answer) {
      super(delegate);
      this.answer = answer;
    }

    @Override
    public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
      return answer;
    }
  }
}
