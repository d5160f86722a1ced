package dev.tiercel.hedge;

import static dev.tiercel.hedge.FakeEndpoint.absent;
import static dev.tiercel.hedge.FakeEndpoint.found;
import static dev.tiercel.hedge.FakeEndpoint.put;
import static dev.tiercel.hedge.Given.failed;
import static dev.tiercel.hedge.Given.failure;
import static dev.tiercel.hedge.Given.leased;
import static dev.tiercel.hedge.Given.outcome;
import static dev.tiercel.hedge.Given.read;
import static dev.tiercel.hedge.Given.version;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Freshness;
import dev.tiercel.backend.Lease;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.budget.BudgetPolicy;
import dev.tiercel.error.CodecFailure;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Where;
import dev.tiercel.health.EndpointState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplicaReadsTest {

  private static final Freshness FOREVER = new Freshness(0, Duration.ofDays(99_999));

  private final Given given = Given.replicas(1).warm();
  private final FakeEndpoint main = given.main;
  private final FakeEndpoint replica = given.replica();

  @Test
  void read_slow_goesToTheReplicaFirstAndSaysSo() {
    var answer = given.slow(read("a"));
    replica.read(0).found(3);

    assertThat(version(answer)).isEqualTo(3);
    assertThat(((ReadOutcome.Found) outcome(answer, 0)).origin().replica()).isTrue();
    assertThat(main.reads).hasSize(1);
    assertThat(main.read(0).answer()).isCancelled();
    assertThat(given.heard)
        .containsExactly("primary is slow: replica-1 asked for 1", "replica-1 won 1");
  }

  @Test
  void read_whileTheMainEndpointIsSilent_goesToTheReplicaAfterTheFloor() {
    given.slow(read("a"));
    assertThat(replica.reads).hasSize(1);

    given.get("b");
    given.time.advance(Duration.ofNanos(500_000));
    assertThat(replica.reads).as("it need not be slow itself").hasSize(2);

    // A sign of life, and the usual patience is back.
    main.read(0).found(1);
    replica.lastRead().found(1);
    given.get("c");
    given.time.advance(Duration.ofNanos(500_000));
    assertThat(replica.reads).hasSize(2);
  }

  @Test
  void read_slowWithALease_theReplicaIsAskedWithout() {
    given.warm(leased("warm"));

    given.slow(leased("a"));

    assertThat(replica.read(0).request().lease()).isZero();
  }

  @Test
  void read_slowAndTheReplicaTakesNoMore_goesToTheMainEndpointAgain() {
    replica.takesMore = false;

    given.slow(read("a"));

    assertThat(main.reads).hasSize(2);
    assertThat(replica.reads).isEmpty();
  }

  @Test
  void read_slowAndTheReplicaIsUnknown_probesItOneCallAtATime() {
    replica.takesMore = true;
    replica.state = EndpointState.PROBING;

    given.slow(read("a"));
    given.slow(read("b"));

    assertThat(replica.reads).hasSize(1);
  }

  @Test
  void read_batchPartlyWonByTheReplica_leaseGrantedForWhatItWonIsGivenBack() {
    given.warm(leased("a", "b"));
    var answer = given.slow(leased("a", "b"));
    replica.lastRead().answers(FakeEndpoint.found(3), absent());
    main.lastRead().answers(FakeEndpoint.leased(7), FakeEndpoint.leased(8));

    assertThat(answer.join().outcomes().get(0)).isInstanceOf(ReadOutcome.Found.class);
    assertThat(answer.join().outcomes().get(1)).isEqualTo(FakeEndpoint.leased(8));
    assertThat(main.mutations).containsExactly(new Mutation.Release("a", new Condition.IfLease(7)));
  }

  @Test
  void read_leaseGrantedAfterTheReplicaWon_isGivenBack() {
    given.warm(leased("a"));
    // Whose cancel comes too late.
    main.ignoresCancel = true;
    var answer = given.slow(leased("a"));
    replica.lastRead().found(3);
    assertThat(answer).isDone();
    main.lastRead().answer(FakeEndpoint.leased(7));

    assertThat(main.mutations).containsExactly(new Mutation.Release("a", new Condition.IfLease(7)));
  }

  @Test
  void read_slowAndNobodyTakesMore_isRefusedOnce() {
    replica.takesMore = false;
    main.takesMore = false;

    given.slow(read("a"));
    given.time.advance(Duration.ofMillis(10));

    assertThat(given.heard).containsExactly("primary: HEDGE_SATURATED");
  }

  @Test
  void read_replicaSaysAbsent_provesNothing() {
    var answer = given.slow(read("a"));
    replica.read(0).answer(absent());
    assertThat(answer).isNotDone();
    main.read(0).found(1);

    assertThat(version(answer)).isEqualTo(1);
  }

  @Test
  void read_consistent_neverGoesToAReplica() {
    given.warm(Given.consistent("warm"));

    given.slow(Given.consistent("a"));
    main.read(0).answer(failed("first"));

    assertThat(replica.reads).isEmpty();
    assertThat(main.reads).hasSize(2);
  }

  @Test
  void read_mustBeYoungerThanTheReplicasLag_neverGoesThere() {
    var young = read("a").withFreshness(new Freshness(0, Given.LAG));

    given.slow(young);

    assertThat(replica.reads).isEmpty();
  }

  @Test
  void read_atLeastAVersion_theReplicasOlderOneDoesNotWin() {
    var answer = given.slow(read("a").withFreshness(new Freshness(5, FOREVER.maxAge())));
    replica.read(0).found(4);
    assertThat(answer).isNotDone();

    assertThat(main.read(0).answer()).isNotCancelled();
  }

  @Test
  void read_barrierOfAllKnown_anEntryLoadedBeforeDoesNotWin() {
    var request = read("a").withBarriers(Barriers.of(Barriers.ALL, 9));

    var answer = given.slow(request);
    replica.read(0).found(4);

    assertThat(answer).isNotDone();
  }

  @Test
  void read_afterOwnWrite_aLaggingReplicaDoesNotWin() {
    var written = given.backend.write(put("a"), given.context());
    main.stored(7);
    written.join();

    var answer = given.slow(read("a"));
    replica.read(0).found(6);
    assertThat(answer).isNotDone();
    main.read(0).found(7);

    assertThat(version(answer)).isEqualTo(7);
  }

  @Test
  void read_writeAcknowledgedWhileTheReplicaWasAsked_itsAnswerIsHeldAgainstIt() {
    var answer = given.slow(read("a"));
    given.backend.write(put("a"), given.context());
    main.stored(7);
    replica.read(0).found(6);

    assertThat(answer).isNotDone();
  }

  @Test
  void read_afterANewerVersionWasRead_aLaggingReplicaDoesNotWin() {
    given.get("a");
    main.lastRead().found(7);
    main.reads.clear();

    var answer = given.slow(read("a"));
    replica.read(0).found(6);

    assertThat(answer).isNotDone();
  }

  @Test
  void read_afterAnotherReplicaWasAhead_theLaggingOneDoesNotWin() {
    var given = Given.replicas(2).warm();
    given.replicas.get(1).takesMore = false;
    given.slow(read("a"));
    given.replica().lastRead().found(7);
    given.replicas.get(1).takesMore = true;
    given.replica().takesMore = false;

    var answer = given.slow(read("a"));
    given.replicas.get(1).lastRead().found(6);

    assertThat(answer).isNotDone();
  }

  @Test
  void read_afterATombstoneWasRead_theDeletedValueDoesNotWin() {
    given.get("a");
    main.lastRead()
        .answer(ReadOutcome.Absent.deleted(EncodedEntry.tombstone(7, 0, 0), FakeEndpoint.ORIGIN));

    var answer = given.slow(read("a"));
    replica.lastRead().found(6);

    assertThat(answer).isNotDone();
  }

  @Test
  void read_afterItWasAbsentWithoutATombstone_noReplicaIsBelieved() {
    given.get("a");
    main.lastRead().answer(absent());

    var answer = given.slow(read("a"));
    replica.lastRead().found(Long.MAX_VALUE - 1);

    assertThat(answer).isNotDone();
  }

  @Test
  void read_whileAWriteIsOfUnknownOutcome_noReplicaIsBelieved() {
    given.backend.write(put("a"), given.context());
    given.time.advance(Given.DEADLINE);

    var answer = given.slow(read("a"));
    replica.lastRead().found(99);

    assertThat(answer).isNotDone();
  }

  @Test
  void read_afterAWriteFailedWithUnknownOutcome_noReplicaIsBelieved() {
    given.backend.write(put("a"), given.context());
    var unknown = new OutcomeUnknown("lost", Where.at("fake", "here"), null);
    main.writes.get(0).complete(WriteResult.failed(1, unknown));

    var answer = given.slow(read("a"));
    replica.lastRead().found(99);

    assertThat(answer).isNotDone();
  }

  @Test
  void read_afterAWriterLeft_noReplicaIsBelieved() {
    given.backend.write(put("a"), given.context()).cancel(true);

    var answer = given.slow(read("a"));
    replica.lastRead().found(99);

    assertThat(answer).isNotDone();
  }

  @Test
  void read_afterTheKeyWasForgotten_noReplicaIsBelieved() {
    given.backend.write(FakeEndpoint.forget("a"), given.context());
    main.stored(0);

    var answer = given.slow(read("a"));
    replica.lastRead().found(99);

    assertThat(answer).isNotDone();
  }

  @Test
  void read_afterAMark_theReplicasOlderCopyDoesNotWin() {
    var mark = new Mutation.Mark("a", 7, Duration.ofMinutes(1));
    given.backend.write(FakeEndpoint.write(mark), given.context());
    main.stored(7);

    var older = given.slow(read("a"));
    replica.lastRead().found(6);
    assertThat(older).isNotDone();
    var asNew = given.slow(read("a"));
    replica.lastRead().found(7);
    assertThat(version(asNew)).isEqualTo(7);
  }

  @Test
  void read_afterAMarkWasFoundInAMiss_noReplicaIsBelieved() {
    given.get("a");
    main.lastRead().answer(ReadOutcome.Absent.missing(FakeEndpoint.ORIGIN, Lease.NONE, 7));

    var answer = given.slow(read("a"));
    replica.lastRead().found(8);

    assertThat(answer).isNotDone();
  }

  @Test
  void read_afterAWriteWasRejected_theVersionInTheWayIsTheFloor() {
    given.backend.write(put("a"), given.context());
    main.writes.get(0).complete(new WriteResult(List.of(new WriteOutcome.Rejected(8))));

    var answer = given.slow(read("a"));
    replica.lastRead().found(7);

    assertThat(answer).isNotDone();
  }

  @Test
  void read_afterABarrierWasRaised_replicasAreNotAskedUntilTheyKnowIt() {
    given.backend.write(FakeEndpoint.write(new Mutation.Barrier("g")), given.context());
    main.stored(9);

    given.slow(read("a"));
    assertThat(replica.reads).isEmpty();

    given.time.advance(Duration.ofSeconds(1));
    given.slow(read("a"));
    assertThat(replica.reads).hasSize(1);
  }

  @Test
  void read_longAfterTheWrite_theReplicaIsBelievedAgain() {
    given.backend.write(FakeEndpoint.forget("a"), given.context());
    main.stored(0);
    given.time.advance(Duration.ofSeconds(1));

    var answer = given.slow(read("a"));
    replica.lastRead().found(1);

    assertThat(version(answer)).isEqualTo(1);
  }

  @Test
  void read_replicasBarriers_areMergedButNotHowFarItHasHeard() {
    var answer = given.backend.read(read("a"), given.context());
    given.time.advance(Given.SLOW);
    replica
        .lastRead()
        .answer()
        .complete(new ReadResult(List.of(found(1)), new Barriers(50, Map.of("g", 5L))));

    assertThat(answer.join().barriers()).isEqualTo(new Barriers(0, Map.of("g", 5L)));
  }

  @Test
  void read_failsAtOnce_isTakenToAReplicaRightAway() {
    var answer = given.get("a", "b");
    main.lastRead().answers(failed("down"), found(1));
    assertThat(replica.lastRead().request().keys()).containsExactly("a");
    replica.lastRead().found(2);

    assertThat(List.of(version(answer, 0), version(answer, 1))).containsExactly(2L, 1L);
    assertThat(given.time.pendingTimers()).isZero();
  }

  @Test
  void read_isRefusedBeforeItIsSent_isTakenToAReplicaWithinItsDeadline() {
    main.refuses = ReadResult.failed(1, Given.unavailable("endpoint: down"));

    var answer = given.get("a");
    assertThat(replica.reads).hasSize(1);
    given.time.advance(Given.DEADLINE);

    assertThat(failure(answer)).isInstanceOf(DeadlineExceeded.class);
    assertThat(failure(answer).getSuppressed())
        .singleElement()
        .isInstanceOfSatisfying(
            ServingException.class, main -> assertThat(main.what()).isEqualTo("endpoint: down"));
    assertThat(replica.lastRead().answer()).isCancelled();
    assertThat(given.time.pendingTimers()).isZero();
  }

  @Test
  void read_failsInWarmUpOrWithHedgesOff_isTakenToAReplicaAllTheSame() {
    var cold = Given.replicas(1).policy(HedgePolicy.off());

    var answer = cold.get("a");
    cold.main.lastRead().answer(failed("down"));
    cold.replica().lastRead().found(2);

    assertThat(version(answer)).isEqualTo(2);
  }

  @Test
  void read_failsAndTheBudgetIsEmpty_isNotTakenToAReplica() {
    var poor = Given.replicas(1).budget(BudgetPolicy.defaults().ratio(0).burst(1));
    assertThat(poor.budget.tryPay(1)).isTrue();

    var answer = poor.get("a");
    poor.main.lastRead().answer(failed("down"));

    assertThat(failure(answer).what()).isEqualTo("down");
    assertThat(poor.heard).containsExactly("replica-1: HEDGE_BUDGET");
  }

  @Test
  void read_failsForAReasonOfItsOwn_isNotTakenToAReplica() {
    var answer = given.get("a");
    var own = new CodecFailure("bytes", Where.at("fake", "here"), null);
    main.lastRead().answer(new ReadOutcome.Failed(own));

    assertThat(failure(answer)).isSameAs(own);
    assertThat(replica.reads).isEmpty();
  }

  @Test
  void spread_goesRoundOverReplicasAndMain() {
    var spread = Given.replicas(2).spread();

    for (var count = 0; count < 9; count++) {
      spread.get("a");
    }

    assertThat(spread.main.reads).hasSize(3);
    assertThat(spread.replicas).allMatch(each -> each.reads.size() == 3);
  }

  @Test
  void spread_consistent_goesToMain() {
    var spread = Given.replicas(1).spread();

    spread.backend.read(Given.consistent("a"), spread.context());
    spread.backend.read(Given.consistent("a"), spread.context());

    assertThat(spread.main.reads).hasSize(2);
  }

  @Test
  void spread_replicaTakesNoMore_mainIsAsked() {
    var spread = Given.replicas(1).spread();
    spread.replica().takesMore = false;

    spread.get("a");
    spread.get("a");

    assertThat(spread.main.reads).hasSize(2);
  }

  @Test
  void spread_whatTheReplicaCannotAnswer_goesToMainAtOnceWithTheLeaseAndUnpaid() {
    var spread = Given.replicas(1).spread();

    var answer = spread.readAtReplica(leased("a", "b", "c"));
    assertThat(spread.replica().lastRead().request().lease()).isZero();
    spread.replica().lastRead().answers(found(3), absent(), failed("b"));

    assertThat(spread.main.lastRead().request().keys()).containsExactly("b", "c");
    assertThat(spread.main.lastRead().request().lease()).isPositive();
    assertThat(spread.budget.tokens()).isEqualTo(20);
    spread.main.lastRead().answers(found(4), absent());
    assertThat(version(answer, 1)).isEqualTo(4);
    assertThat(outcome(answer, 2)).isInstanceOf(ReadOutcome.Absent.class);
    assertThat(spread.heard).isEmpty();
  }

  @Test
  void spread_replicaIsSlow_mainIsAskedForAllAndMayAnswerAbsent() {
    var spread = Given.replicas(1).spread().warm();

    var answer = spread.readAtReplica(read("a"));
    spread.time.advance(Given.SLOW);
    spread.main.lastRead().answer(absent());

    assertThat(outcome(answer, 0)).isInstanceOf(ReadOutcome.Absent.class);
    assertThat(spread.replica().lastRead().answer()).isCancelled();
    assertThat(spread.heard)
        .containsExactly("replica-1 is slow: primary asked for 1", "primary won 1");
  }

  @Test
  void spread_replicaIsSlowAndMainTakesNoMore_theOtherReplicaIsAsked() {
    var spread = Given.replicas(2).spread().warm();
    spread.replicas.get(1).takesMore = false;
    spread.readAtReplica(read("a"));
    spread.main.reads.clear();
    spread.main.takesMore = false;
    spread.replicas.get(1).takesMore = true;

    spread.time.advance(Given.SLOW);

    assertThat(spread.main.reads).isEmpty();
    assertThat(spread.replicas.get(1).reads).hasSize(1);
  }

  @Test
  void spread_afterOwnWrite_theLaggingReplicasAnswerIsAskedOfMain() {
    var spread = Given.replicas(1).spread();
    spread.backend.write(put("a"), spread.context());
    spread.main.stored(7);

    var answer = spread.readAtReplica(read("a"));
    spread.replica().lastRead().found(6);
    assertThat(answer).isNotDone();
    spread.main.lastRead().found(7);

    assertThat(version(answer)).isEqualTo(7);
  }

  @Test
  void spread_everythingHangs_endsByTheDeadline() {
    var spread = Given.replicas(1).spread();

    var answer = spread.readAtReplica(read("a"));
    spread.replica().lastRead().answer(absent());
    spread.time.advance(Given.DEADLINE);

    assertThat(answer).isDone();
    assertThat(spread.main.lastRead().answer()).isCancelled();
    assertThat(spread.time.pendingTimers()).isZero();
  }
}
