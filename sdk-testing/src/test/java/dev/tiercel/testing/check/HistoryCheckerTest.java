package dev.tiercel.testing.check;

import static dev.tiercel.testing.check.Given.absent;
import static dev.tiercel.testing.check.Given.atLeast;
import static dev.tiercel.testing.check.Given.barrier;
import static dev.tiercel.testing.check.Given.fault;
import static dev.tiercel.testing.check.Given.nanos;
import static dev.tiercel.testing.check.Given.put;
import static dev.tiercel.testing.check.Given.read;
import static dev.tiercel.testing.check.Given.remove;
import static dev.tiercel.testing.check.Given.removeUnknown;
import static dev.tiercel.testing.check.Given.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.backend.Tier;
import dev.tiercel.testing.check.FaultWindow.Target;
import dev.tiercel.testing.check.Operation.Read;
import dev.tiercel.testing.check.Operation.Write;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HistoryCheckerTest {

  private static final Rules RULES = Rules.of(Duration.ofSeconds(10));
  private static final Scope ALL = new Scope.All();
  private static final Outcome UNKNOWN = new Outcome.Unknown("OutcomeUnknown");
  private static final Outcome REFUSED = new Outcome.Refused("Overloaded");
  private static final String SUSPECT = "SUSPECT";

  @Test
  void readYourWrites_olderThanOwnWrite_isFound() {
    var report = check(put(1, 0, 5), put(1, 10, 7), read(1, 12, 5, 12));

    assertThat(report.broken()).isEqualTo(Map.of(Rule.READ_YOUR_WRITES, 1L));
    assertThat(report.examples().get(0).operations())
        .containsExactly(put(1, 0, 5), put(1, 10, 7), read(1, 12, 5, 12));
  }

  @Test
  void rules_someOnly_othersAreNotHeld() {
    var history = new History(List.of(put(1, 0, 5), put(1, 10, 7), read(1, 12, 5, 0)));

    var other = new HistoryChecker(RULES.only(Set.of(Rule.MONOTONIC))).check(history);
    var same = new HistoryChecker(RULES.only(Set.of(Rule.READ_YOUR_WRITES))).check(history);

    assertThat(other.passed()).isTrue();
    assertThat(other.checkedReads()).isEqualTo(1);
    assertThat(same.broken()).isEqualTo(Map.of(Rule.READ_YOUR_WRITES, 1L));
  }

  @Test
  void readYourWrites_newerOrConcurrentOrOfAnother_isKept() {
    assertKept(put(1, 0, 5), put(2, 1, 7), read(1, 12, 7, 0));
    assertKept(put(1, 0, 5), put(1, 10, 7), read(1, 11, 5, 5));
    assertKept(put(1, 0, 5), put(2, 10, 7), read(1, 20, 5, 15));
    assertKept(put(1, 0, 5), put(1, 10, 7, UNKNOWN), read(1, 12, 5, 12));
  }

  @Test
  void atLeast_olderThanAskedFor_isFound() {
    assertBroken(Rule.READ_YOUR_WRITES, put(1, 0, 5), atLeast(read(2, 5, 5, 0), 6));
    assertKept(put(1, 0, 5), atLeast(read(2, 5, 5, 0), 5));
    assertBroken(Rule.READ_YOUR_WRITES, put(1, 0, 5), atLeast(absent(2, 5), 5));
    assertKept(put(1, 0, 5), remove(2, 3, 6), atLeast(absent(2, 5), 5));
  }

  @Test
  void monotonic_backToAnOlderVersion_isFound() {
    assertBroken(
        Rule.MONOTONIC, put(1, 0, 5), put(1, 10, 7), read(2, 15, 7, 0), read(2, 17, 5, 10));
    assertBroken(Rule.MONOTONIC, put(1, 0, 5), read(2, 15, 5, 0), absent(2, 17));
  }

  @Test
  void monotonic_overlappingOrOfAnother_isKept() {
    assertKept(put(1, 0, 5), put(1, 10, 7), read(2, 15, 7, 0), read(2, 16, 5, 10));
    assertKept(put(1, 0, 5), put(1, 10, 7), read(2, 15, 7, 0), read(3, 17, 5, 10));
    assertKept(put(1, 0, 5), put(1, 10, 7, UNKNOWN), read(2, 15, 7, 0), read(3, 17, 5, 10));
  }

  @Test
  void monotonic_backFromAnAbsenceToWhatWasRemoved_isFound() {
    var removed =
        List.<Operation>of(put(1, 0, 10), remove(1, 5, 20), read(2, 3, 10, 0), absent(2, 15));
    assertBroken(Rule.MONOTONIC, and(removed, read(2, 20, 10, 18)));
    assertBroken(
        Rule.MONOTONIC,
        put(1, 0, 10),
        removeUnknown(1, 5, 20),
        read(2, 3, 10, 0),
        absent(2, 15),
        absent(2, 17),
        read(2, 20, 10, 18));
    assertBroken(
        Rule.MONOTONIC,
        put(1, 0, 10),
        remove(1, 5, 20),
        atLeast(absent(2, 15), 10),
        read(2, 20, 10, 18));
  }

  @Test
  void monotonic_anotherProcessOrTheBeginningOrNewer_isKept() {
    var removed =
        List.<Operation>of(put(1, 0, 10), remove(1, 5, 20), read(2, 3, 10, 0), absent(2, 15));
    assertKept(and(removed, read(3, 20, 10, 18)));
    assertKept(and(removed, read(2, 15, 10, 14)));
    assertKept(and(removed, absent(2, 20), put(1, 21, 25), read(2, 24, 25, 0)));
    // It had never read the key before: there may have been nothing yet.
    assertKept(put(1, 0, 10), remove(1, 5, 20), absent(2, 15), read(2, 20, 10, 18));
    // Of two removals the first may have been meant.
    assertKept(
        put(1, 0, 10),
        remove(1, 5, 20),
        put(1, 7, 30),
        remove(1, 9, 40),
        read(2, 3, 10, 0),
        absent(2, 15),
        read(2, 20, 30, 13));
  }

  @Test
  void monotonic_unknownWriteOnceSeen_bindsItsReader() {
    assertBroken(
        Rule.MONOTONIC,
        put(1, 0, 5),
        put(1, 10, 7, UNKNOWN),
        read(2, 15, 7, 0),
        read(2, 17, 5, 10));
  }

  @Test
  void honestLabel_youngerThanTheWriteItMissed_isFound() {
    assertBroken(Rule.HONEST_LABEL, put(1, 0, 5), put(1, 10, 7), read(2, 1_000, 5, 900));
    assertBroken(
        Rule.HONEST_LABEL,
        put(1, 0, 5),
        put(1, 10, 7),
        read(2, 1_000, 5, 900, Tier.REMOTE, SUSPECT));
    assertBroken(
        Rule.HONEST_LABEL,
        put(1, 0, 5),
        put(1, 10, 7, UNKNOWN),
        read(3, 20, 7, 0),
        read(2, 1_000, 5, 900));
  }

  @Test
  void honestLabel_ageOrToleranceReachesBack_isKept() {
    assertKept(put(1, 0, 5), put(1, 10, 7), read(2, 1_000, 5, 990));
    assertKept(put(1, 0, 5), put(1, 10, 7), read(2, 1_000, 5, 940));
    assertKept(put(1, 0, 5), put(1, 10, 7, UNKNOWN), read(2, 1_000, 5, 900));
  }

  @Test
  void boundedStaleness_olderThanTheBound_isFoundWhateverTheLabel() {
    assertBroken(
        Rule.BOUNDED_STALENESS,
        put(1, 0, 5),
        put(1, 10, 7),
        read(2, 11_000, 5, 10_999, Tier.LOCAL, "ERROR"));
    assertBroken(
        Rule.BOUNDED_STALENESS, List.of(fault(0, 11_000)), put(1, 10, 7), absent(2, 11_000));
    assertKept(put(1, 0, 5), put(1, 10, 7), read(2, 10_050, 5, 10_045, Tier.LOCAL, "ERROR"));
  }

  @Test
  void boundedStaleness_consistentReadOlderThanWhatWasKnown_isFound() {
    var old = read(2, 20, 5, 15, Tier.SOURCE, Answer.FRESH);
    assertBroken(Rule.BOUNDED_STALENESS, put(1, 0, 5), put(1, 10, 7), within(old, 0));
    assertBroken(Rule.BOUNDED_STALENESS, put(1, 10, 7), within(absent(2, 20), 0));
    assertKept(put(1, 0, 5), put(1, 10, 7), old);
    assertKept(put(1, 0, 5), put(1, 19, 7), within(old, 0));
    assertKept(put(1, 0, 5), put(1, 10, 7, UNKNOWN), within(old, 0));
  }

  @Test
  void boundedStaleness_ofOneRead_isHeldWithinTheTolerance() {
    var old = read(2, 1_000, 5, 995);
    assertBroken(Rule.BOUNDED_STALENESS, put(1, 0, 5), put(1, 10, 7), within(old, 900));
    assertKept(put(1, 0, 5), put(1, 10, 7), within(old, 940));
  }

  @Test
  void convergence_freshButFromBeforeAWriteOfLongAgo_isFound() {
    assertBroken(Rule.CONVERGENCE, put(1, 0, 5), put(1, 10, 7), read(2, 3_012, 5, 3_010));
    assertBroken(Rule.CONVERGENCE, put(1, 10, 7), absent(2, 3_012));
  }

  @Test
  void convergence_labelledOrTooSoonOrFaulty_isKept() {
    var old = read(2, 3_012, 5, 3_010);
    assertKept(put(1, 0, 5), put(1, 13, 7), old);
    assertKept(put(1, 0, 5), put(1, 10, 7), read(2, 3_012, 5, 3_010, Tier.LOCAL, SUSPECT));
    assertKept(List.of(fault(0, 1), fault(5, 12)), put(1, 0, 5), put(1, 10, 7), old);
    assertKept(List.of(fault(3_013, 4_000)), put(1, 0, 5), put(1, 10, 7), old);
    assertKept(List.of(fault(0, 4_000), fault(1, 2)), put(1, 0, 5), put(1, 10, 7), old);
    assertKept(List.of(fault(-9_000, -8_000)), put(1, 10, 7), absent(2, 3_012));
    assertThat(check(List.of(fault(0, 11), fault(3_014, 3_015)), put(1, 0, 5), put(1, 10, 7), old)
            .broken(Rule.CONVERGENCE))
        .isEqualTo(1);
  }

  @Test
  void convergence_faultOfOneProcess_excusesWhomItReaches() {
    var write = put(1, 10, 7);
    var old = read(2, 3_012, 5, 3_010);
    assertKept(List.of(fault(500, 600, Target.FEED, 2)), put(1, 0, 5), write, old);
    assertKept(List.of(fault(500, 600, Target.SOURCE, 2)), put(1, 0, 5), write, old);
    assertKept(List.of(fault(500, 600, Target.DATA, 1)), put(1, 0, 5), write, old);
    assertKept(List.of(fault(500, 600, Target.PROCESS, 1)), put(1, 0, 5), write, old);
    assertKept(List.of(fault(500, 600, Target.CONTENTS, -1)), put(1, 0, 5), write, old);
    for (var target : List.of(Target.FEED, Target.SOURCE)) {
      assertBroken(Rule.CONVERGENCE, List.of(fault(500, 600, target, 1)), put(1, 0, 5), write, old);
    }
  }

  @Test
  void convergence_unknownWrite_bindsNobodyElse() {
    assertKept(put(1, 0, 5), put(1, 10, 7, UNKNOWN), read(3, 20, 7, 0), read(2, 4_000, 5, 3_990));
  }

  @Test
  void barrier_ownCopyFromBeforeIt_isFound() {
    assertBroken(Rule.BARRIER, put(1, 0, 5), barrier(2, ALL, 100), read(2, 102, 5, 80));
    assertBroken(
        Rule.BARRIER, put(1, 0, 5), barrier(2, new Scope.Key("k"), 100), read(2, 102, 5, 80));
    assertBroken(
        Rule.BARRIER, put(1, 0, 5), barrier(2, new Scope.Group("g"), 100), read(2, 102, 5, 80));
  }

  @Test
  void barrier_copyOfAnotherProcess_isFoundOnceConverged() {
    assertBroken(Rule.BARRIER, put(1, 0, 5), barrier(1, ALL, 100), read(2, 3_102, 5, 3_080));
    assertKept(put(1, 0, 5), barrier(1, ALL, 100), read(2, 3_100, 5, 3_078));
    assertKept(put(1, 0, 5), barrier(1, new Scope.Key("k"), 100), read(2, 3_102, 5, 3_080));
    assertKept(
        List.of(fault(3_000, 3_001)), put(1, 0, 5), barrier(1, ALL, 100), read(2, 3_102, 5, 3_080));
  }

  @Test
  void barrier_afterItOrLabelledOrOfAnotherGroup_isKept() {
    assertKept(put(1, 0, 5), barrier(2, ALL, 100), read(2, 102, 5, 52));
    assertKept(put(1, 0, 5), barrier(2, ALL, 100), read(2, 101, 5, 80));
    assertKept(put(1, 0, 5), barrier(2, ALL, 100), read(2, 102, 5, 80, Tier.SOURCE, "FRESH"));
    assertKept(put(1, 0, 5), barrier(2, new Scope.Group("h"), 100), read(2, 102, 5, 80));
    assertKept(put(1, 0, 5), barrier(2, ALL, 100, UNKNOWN), read(2, 102, 5, 80));
    assertKept(put(1, 0, 5), barrier(2, ALL, 100, REFUSED), read(2, 102, 5, 80));
  }

  @Test
  void barrier_ofAGroup_noLabelExcusesACopyFromBeforeIt() {
    for (var label : List.of("SOFT_TTL", SUSPECT, "ERROR")) {
      var old = read(2, 102, 5, 80, Tier.LOCAL, label);
      assertBroken(Rule.BARRIER, put(1, 0, 5), barrier(2, ALL, 100), old);
      assertBroken(Rule.BARRIER, put(1, 0, 5), barrier(2, new Scope.Group("g"), 100), old);
      assertKept(put(1, 0, 5), barrier(2, new Scope.Key("k"), 100), old);
      assertKept(put(1, 0, 5), barrier(2, new Scope.Group("h"), 100), old);
      assertKept(put(1, 0, 5), barrier(1, ALL, 100), read(2, 3_102, 5, 3_080, Tier.LOCAL, label));
    }
  }

  @Test
  void barrier_whileTheValueWasBeingWritten_isKept() {
    var slow =
        new Write(2, "k", Operation.Kind.PUT, 5, 0, 101_500_000, new Outcome.Acknowledged(5));
    assertKept(slow, barrier(2, ALL, 100), read(2, 102, 5, 102));
    assertBroken(Rule.BARRIER, slow, barrier(2, ALL, 102), read(2, 104, 5, 104));
  }

  @Test
  void truth_valuesThatCannotBe_areFound() {
    assertBroken(Rule.TRUTH, read(1, 0, 5, 0));
    assertBroken(Rule.TRUTH, put(1, 0, 5), read(1, 3, value(Answer.Value.NOBODY, 6)));
    assertBroken(Rule.TRUTH, put(1, 0, 5, REFUSED), read(2, 3, 5, 0));
    assertBroken(Rule.TRUTH, remove(1, 0, 5), read(2, 3, 5, 0));
    assertBroken(Rule.TRUTH, put(1, 9, 5), read(2, 3, 5, 0));
    assertBroken(Rule.TRUTH, put(1, 0, 5), read(2, 3, value(5, 6)));
    var elsewhere = new Read(2, "other", 5_000_000, 6_000_000, value(5, 5), 0);
    assertBroken(Rule.TRUTH, put(1, 0, 5), elsewhere);
  }

  @Test
  void oneValue_oneVersionTwoValues_isFound() {
    assertBroken(
        Rule.ONE_VALUE,
        put(1, 0, 5, UNKNOWN),
        put(1, 2, 7),
        read(2, 4, 7, 0),
        read(3, 4, value(5, 7)));
    assertBroken(Rule.ONE_VALUE, put(1, 0, 5), put(2, 0, 6, new Outcome.Acknowledged(5)));
    assertKept(put(1, 0, 5, UNKNOWN), put(1, 2, 7), read(2, 4, 7, 0), read(3, 4, value(5, 9)));
  }

  @Test
  void truth_noVersions_noneIsTwice() {
    var none = new Outcome.Acknowledged(0);
    assertKept(put(1, 0, 5, none), put(2, 0, 6, none), put(3, 0, 7), read(3, 3, value(7, 7)));
  }

  @Test
  void absent_explainedByARemoval_isKept() {
    assertKept(absent(1, 0));
    assertKept(put(1, 0, 5), remove(2, 3, 7), absent(1, 20_000));
    assertKept(put(1, 0, 5), remove(2, 3, 7), absent(1, 3));
    assertKept(put(1, 0, 5), removeUnknown(2, 3, 7), absent(1, 20_000));
    assertBroken(Rule.READ_YOUR_WRITES, put(1, 0, 5), remove(2, 3, 4), absent(1, 6));
    assertBroken(Rule.READ_YOUR_WRITES, put(1, 0, 5), absent(1, 6), remove(2, 9, 7));
  }

  @Test
  void lostWrite_finalReadIsOlderOrFails_isFound() {
    var history = new History(List.of(put(1, 0, 5), put(1, 10, 7)));
    assertThat(lost(history, read(2, 90_000, 7, 0))).isZero();
    assertThat(lost(history, read(2, 90_000, 5, 0))).isEqualTo(1);
    assertThat(lost(history, absent(2, 90_000))).isEqualTo(1);
    assertThat(lost(history, read(2, 90_000, new Answer.Failed("Unavailable")))).isEqualTo(1);
    assertThat(lost(new History(List.of()), absent(2, 90_000))).isZero();
    var removed = new History(List.of(put(1, 0, 5), remove(1, 10, 7)));
    assertThat(lost(removed, absent(2, 90_000))).isZero();
    assertThat(lost(removed, read(2, 90_000, 5, 0))).isEqualTo(1);
  }

  @Test
  void lostWrite_afterARemovalOfUnknownOutcome_isFound() {
    var written = List.<Operation>of(put(1, 0, 5), removeUnknown(1, 5, 6), put(1, 10, 7));
    assertThat(lost(new History(written), absent(2, 90_000))).isEqualTo(1);
    assertThat(lost(new History(written), read(2, 90_000, 7, 0))).isZero();
    var elsewhere = new Write(
        1, "other", Operation.Kind.PUT, 8, nanos(8), nanos(9), new Outcome.Acknowledged(8));
    var ofAnother =
        List.<Operation>of(put(1, 0, 5), removeUnknown(1, 5, 6), put(2, 10, 9), elsewhere);
    assertThat(lost(new History(ofAnother), absent(2, 90_000))).isEqualTo(1);
  }

  @Test
  void lostWrite_removalThatMayHaveComeLater_explainsTheAbsence() {
    var another = List.<Operation>of(put(1, 0, 5), removeUnknown(2, 5, 6), put(1, 10, 7));
    assertThat(lost(new History(another), absent(2, 90_000))).isZero();
    var overlapping = List.<Operation>of(put(1, 0, 5), removeUnknown(1, 5, 6), put(1, 6, 7));
    assertThat(lost(new History(overlapping), absent(2, 90_000))).isZero();
    var last = List.<Operation>of(put(1, 0, 5), put(1, 3, 7), removeUnknown(1, 5, 6));
    assertThat(lost(new History(last), absent(2, 90_000))).isZero();
  }

  @Test
  void check_noVersions_isRefused() {
    assertThatThrownBy(() -> check(put(1, 0, 5, new Outcome.Acknowledged(0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: a source that keeps versions");
  }

  @Test
  void report_readsThatFailed_areNotChecked() {
    var failed = read(1, 5, new Answer.Failed("Unavailable"));
    assertThat(check(put(1, 0, 5), failed, read(1, 9, 5, 9)).checkedReads()).isEqualTo(1);
  }

  @Test
  void typedErrors_anyOther_isFound() {
    assertBroken(Rule.TYPED_ERRORS, read(1, 0, new Answer.Failed("java.lang.Error")));
    assertBroken(Rule.TYPED_ERRORS, put(1, 0, 5, new Outcome.Unknown("java.lang.Error")));
    assertBroken(Rule.TYPED_ERRORS, barrier(1, ALL, 0, new Outcome.Unknown("java.lang.Error")));
    assertKept(read(1, 0, new Answer.Failed("Unavailable")), put(1, 0, 5, UNKNOWN));
  }

  @Test
  void report_severalViolations_countsThemAndShowsTheShortest() {
    var report = check(
        List.of(fault(995, 996), fault(4_000, 4_001)),
        put(1, 0, 5),
        put(1, 990, 7),
        read(1, 993, 5, 993),
        read(1, 998, 5, 998));

    assertThat(report.checkedReads()).isEqualTo(2);
    assertThat(report.passed()).isFalse();
    assertThat(report).hasToString("""
        reads checked: 2
        broken: READ_YOUR_WRITES 2 times
        READ_YOUR_WRITES, key k: older than its process's own write
          +0.000000 s .. +0.001000 s  process 1  put #5 -> version 5
          +0.990000 s .. +0.991000 s  process 1  put #7 -> version 7
          +0.993000 s .. +0.994000 s  process 1  read -> #5 version 5 from LOCAL, age +0.993000 s, FRESH
          no fault meanwhile""");
  }

  @Test
  void report_faultMeanwhile_isShown() {
    var report = check(List.of(fault(5, 6)), put(1, 0, 5), remove(1, 2, 6), read(1, 998, 5, 998));
    assertThat(report.toString()).contains("  fault +0.005000 s .. +0.006000 s  the feed of");
    assertThat(check(put(1, 0, 5))).hasToString("reads checked: 0, every rule kept");
  }

  @Test
  void rules_outOfBounds_areRefused() {
    assertThatThrownBy(() -> RULES.tolerance(Duration.ofMillis(-1)))
        .hasMessage("tolerance: PT-0.001S (expected: zero or more)");
    assertThatThrownBy(() -> new FaultWindow(2, 1, "time"))
        .hasMessage("endNanos: 1 (expected: 2 or later)");
    assertThatThrownBy(() -> fault(1, 2, Target.FEED, -2))
        .hasMessage("process: -2 (expected: -1 or more)");
  }

  private static Answer.Value value(long id, long version) {
    return new Answer.Value(id, version, Tier.LOCAL, 0, Answer.FRESH);
  }

  private static long lost(History history, Read last) {
    return new HistoryChecker(RULES).check(history, List.of(last)).broken(Rule.LOST_WRITE);
  }

  private static void assertBroken(Rule rule, Operation... operations) {
    assertBroken(rule, List.of(), operations);
  }

  private static void assertBroken(Rule rule, List<FaultWindow> faults, Operation... operations) {
    assertThat(check(faults, operations).broken()).containsOnlyKeys(rule);
  }

  private static void assertKept(Operation... operations) {
    assertKept(List.of(), operations);
  }

  private static void assertKept(List<FaultWindow> faults, Operation... operations) {
    var report = check(faults, operations);
    assertThat(report.passed()).as(report.toString()).isTrue();
  }

  private static Operation[] and(List<Operation> some, Operation... others) {
    return Stream.concat(some.stream(), Stream.of(others)).toArray(Operation[]::new);
  }

  private static Report check(Operation... operations) {
    return check(List.of(), operations);
  }

  private static Report check(List<FaultWindow> faults, Operation... operations) {
    return new HistoryChecker(RULES.faults(faults), key -> Set.of("g"))
        .check(new History(List.of(operations)));
  }
}
