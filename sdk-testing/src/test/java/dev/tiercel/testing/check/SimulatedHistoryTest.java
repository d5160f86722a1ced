package dev.tiercel.testing.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Tier;
import dev.tiercel.testing.check.Operation.Read;
import dev.tiercel.testing.check.Operation.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Histories from a seed, correct as they are and with one thing wrong in them. */
class SimulatedHistoryTest {

  private static final int SEEDS = 8;
  private static final HistoryChecker CHECKER = new HistoryChecker(SimulatedRegister.RULES);

  @Test
  void correct_everyRuleIsKept() {
    for (long seed = 0; seed < SEEDS; seed++) {
      var register = new SimulatedRegister(seed, 30, 3);
      var history = register.run(300, 2_000);
      var report = CHECKER.check(history, register.finalReads());
      assertThat(report.passed()).as("seed %s%n%s", seed, report).isTrue();
      assertThat(report.checkedReads()).isGreaterThan(2_000);
    }
  }

  @Test
  void staleFillStampedAsFresh_isFound() {
    for (long seed = 0; seed < SEEDS; seed++) {
      var history = history(seed);
      var spoilt = pick(seed, history, read -> outdated(history, read) != null);
      var old = outdated(history, spoilt);
      var value = (Answer.Value) spoilt.answer();
      var version = ((Outcome.Acknowledged) old.outcome()).version();
      var mutated = answered(
          spoilt,
          new Answer.Value(old.id(), version, value.tier(), value.ageNanos(), Answer.FRESH));
      assertFound(seed, Rule.HONEST_LABEL, replace(history, spoilt, mutated));
    }
  }

  @Test
  void valueOfNobody_isFound() {
    for (long seed = 0; seed < SEEDS; seed++) {
      var history = history(seed);
      var spoilt = pick(seed, history, read -> read.answer() instanceof Answer.Value);
      var value = (Answer.Value) spoilt.answer();
      var mutated = answered(
          spoilt,
          new Answer.Value(-7, value.version(), value.tier(), value.ageNanos(), value.staleness()));
      assertFound(seed, Rule.TRUTH, replace(history, spoilt, mutated));
    }
  }

  @Test
  void lostWrite_isFound() {
    for (long seed = 0; seed < SEEDS; seed++) {
      var register = new SimulatedRegister(seed, 30, 3);
      var history = register.run(300, 2_000);
      var end = new ArrayList<>(register.finalReads());
      var spoilt = end.get(new Random(seed).nextInt(end.size()));
      var value = new Answer.Value(0, 1, Tier.SOURCE, 0, Answer.FRESH);
      end.replaceAll(read -> read == spoilt ? answered(spoilt, value) : read);
      var report = CHECKER.check(history, end);
      assertThat(report.broken(Rule.LOST_WRITE)).as("seed %s%n%s", seed, report).isEqualTo(1);
    }
  }

  private static History history(long seed) {
    return new SimulatedRegister(seed, 30, 3).run(300, 2_000);
  }

  private static void assertFound(long seed, Rule rule, History history) {
    var report = CHECKER.check(history);
    assertThat(report.broken(rule)).as("seed %s%n%s", seed, report).isPositive();
  }

  /** A put of the read's key that was acknowledged long before what the read answered with. */
  private static Write outdated(History history, Read read) {
    if (!(read.answer() instanceof Answer.Value value)) {
      return null;
    }
    var claimed = read.startNanos() - value.ageNanos() - SimulatedRegister.RULES.toleranceNanos();
    var known = history.writes().stream()
        .filter(write -> write.key().equals(read.key()) && write.endNanos() < claimed)
        .filter(write -> write.outcome() instanceof Outcome.Acknowledged)
        .filter(write -> write.kind() == Operation.Kind.PUT)
        .toList();
    return known.size() < 2
        ? null
        : known.stream().min(SimulatedHistoryTest::byVersion).get();
  }

  private static int byVersion(Write one, Write other) {
    return Long.compare(
        ((Outcome.Acknowledged) one.outcome()).version(),
        ((Outcome.Acknowledged) other.outcome()).version());
  }

  private static Read pick(long seed, History history, Predicate<Read> suits) {
    var random = new Random(seed);
    var reads = history.reads();
    return random
        .ints(0, reads.size())
        .mapToObj(reads::get)
        .filter(suits)
        .findFirst()
        .get();
  }

  private static Read answered(Read read, Answer answer) {
    return new Read(
        read.process(), read.key(), read.startNanos(), read.endNanos(), answer, read.atLeast());
  }

  private static History replace(History history, Read read, Read by) {
    List<Operation> operations = new ArrayList<>(history.operations());
    operations.replaceAll(operation -> operation == read ? by : operation);
    return new History(operations);
  }
}
