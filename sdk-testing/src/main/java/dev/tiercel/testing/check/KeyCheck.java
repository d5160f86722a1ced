package dev.tiercel.testing.check;

import dev.tiercel.backend.Tier;
import dev.tiercel.testing.check.Frontier.Mark;
import dev.tiercel.testing.check.Operation.Read;
import dev.tiercel.testing.check.Operation.Write;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Holds the history of one key against the rules. */
final class KeyCheck {

  private final String key;
  private final List<Scope> scopes;
  private final List<Scope> groups;
  private final Rules rules;
  private final Against against;
  private final Truth truth;
  private final Obligations owed;

  /** What the histories of all keys share. */
  record Against(
      Rules rules,
      QuietTimes quiet,
      ProcessOrder order,
      Invalidations invalidations,
      Map<Long, Write> writes,
      Findings findings) {}

  KeyCheck(String key, List<Scope> scopes, List<Write> writes, List<Read> reads, Against against) {
    this.key = key;
    this.scopes = scopes;
    this.groups = scopes.stream().filter(scope -> !(scope instanceof Scope.Key)).toList();
    this.rules = against.rules;
    this.against = against;
    this.truth = new Truth(key, against.writes, against.findings);
    this.owed = new Obligations(writes, reads, against.order);
    writes.forEach(truth::written);
  }

  /** Checks one of the reads this was made of. */
  void check(Read read) {
    if (read.answer() instanceof Answer.Failed) {
      return;
    }
    var version = owed.answered(read);
    checkSession(read, version);
    if (read.answer() instanceof Answer.Value value) {
      truth.check(read, value);
      checkLabels(read, value);
      checkInvalidations(read, value);
    } else {
      checkAbsence(read, version);
    }
  }

  /** Checks a read made of the source when all was whole again. */
  void checkFinal(Read read) {
    var latest = owed.latest();
    if (read.answer() instanceof Answer.Failed) {
      if (latest != null) {
        found(Rule.LOST_WRITE, "the final read failed", latest.what(), read);
      }
      return;
    }
    require(Rule.LOST_WRITE, read, owed.answered(read), latest, "an acknowledged write is lost");
    if (read.answer() instanceof Answer.Value value) {
      truth.check(read, value);
    }
  }

  private void checkSession(Read read, long version) {
    if (version < read.atLeast()) {
      found(Rule.READ_YOUR_WRITES, "older than it asked for", null, read);
    }
    var written = owed.sessions().writtenBy(read.process(), read.startNanos());
    var seen = owed.sessions().readBy(read.process(), read.startNanos());
    require(Rule.READ_YOUR_WRITES, read, version, written, "older than its process's own write");
    require(Rule.MONOTONIC, read, version, seen, "older than its process's earlier read");
    checkBounds(read, version);
  }

  private void checkBounds(Read read, long version) {
    var tooLongAgo = read.startNanos() - rules.maxStalenessNanos() - rules.toleranceNanos();
    var overdue = owed.knownBefore(tooLongAgo);
    require(Rule.BOUNDED_STALENESS, read, version, overdue, "older than the keyspace's bound");
    if (read.maxStalenessNanos() >= 0) {
      // To ask the source itself takes no clock, so there is nothing to tolerate.
      var tolerance = read.maxStalenessNanos() == 0 ? 0 : rules.toleranceNanos();
      var since = read.startNanos() - read.maxStalenessNanos() - tolerance;
      require(
          Rule.BOUNDED_STALENESS, read, version, owed.knownBefore(since), "older than its bound");
    }
  }

  private void checkLabels(Read read, Answer.Value value) {
    var claimed = read.startNanos() - value.ageNanos() - rules.toleranceNanos();
    var earlier = owed.knownBefore(claimed);
    require(Rule.HONEST_LABEL, read, value.version(), earlier, "older than its age says");
    var converged = read.startNanos() - rules.convergenceNanos();
    if (value.fresh() && against.quiet.quiet(read.process(), converged, read.endNanos())) {
      requireConvergence(read, value.version(), converged);
    }
  }

  /**
   * "Absent" carries no label. It cannot be suspect, though, if nothing was broken in all the time
   * that a copy may live.
   */
  private void checkAbsence(Read read, long version) {
    var converged = read.startNanos() - rules.convergenceNanos();
    var oldest = converged - rules.maxStalenessNanos() - rules.toleranceNanos();
    if (against.quiet.quiet(read.process(), oldest, read.endNanos())) {
      requireConvergence(read, version, converged);
    }
  }

  private void requireConvergence(Read read, long version, long converged) {
    var write = owed.acknowledgedBefore(converged);
    require(Rule.CONVERGENCE, read, version, write, "fresh, but from before a write of long ago");
  }

  private void checkInvalidations(Read read, Answer.Value value) {
    if (value.tier() == Tier.SOURCE) {
      return;
    }
    var observed =
        Math.max(read.endNanos() - value.ageNanos() + rules.toleranceNanos(), written(value));
    // A copy of one key may still be served with a label, one of a dead group never again.
    var reach = value.fresh() ? scopes : groups;
    var barrier =
        against.invalidations.ownBetween(read.process(), reach, observed, read.startNanos());
    var converged = read.startNanos() - rules.convergenceNanos();
    if (barrier == null
        && value.fresh()
        && against.quiet.quiet(read.process(), converged, read.endNanos())) {
      barrier = against.invalidations.anyBetween(scopes, observed, converged);
    }
    if (barrier != null) {
      found(Rule.BARRIER, "a copy from before an invalidation", barrier, read);
    }
  }

  /**
   * When the write of a value had ended: until then the source may have come to hold it at any
   * time, after an invalidation that began meanwhile too, however early the copy's age dates it.
   */
  private long written(Answer.Value value) {
    var write = against.writes.get(value.id());
    return write == null ? Long.MIN_VALUE : write.endNanos();
  }

  private void require(
      Rule rule, Read read, long version, @Nullable Mark<Operation> floor, String what) {
    if (floor != null && version < floor.rank()) {
      found(rule, what, floor.what(), read);
    }
  }

  private void found(Rule rule, String what, @Nullable Operation witness, Read read) {
    against.findings.add(rule, key, what, writeShownBy(read), writeShownBy(witness), witness, read);
  }

  private @Nullable Write writeShownBy(@Nullable Operation operation) {
    return operation instanceof Read read && read.answer() instanceof Answer.Value value
        ? against.writes.get(value.id())
        : null;
  }
}
