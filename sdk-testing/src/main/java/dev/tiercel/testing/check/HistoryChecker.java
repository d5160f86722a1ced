package dev.tiercel.testing.check;

import dev.tiercel.testing.check.Operation.Barrier;
import dev.tiercel.testing.check.Operation.Read;
import dev.tiercel.testing.check.Operation.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Tells whether a history keeps the {@linkplain Rule rules}: each key is a register whose versions
 * only grow.
 *
 * <p>It finds no violation in a correct history, as far as the clocks of its processes differ by no
 * more than the tolerance. It looks at each key by itself, sorts its operations once and takes
 * logarithmic time per read. Immutable and thread-safe.
 */
public final class HistoryChecker {

  private final Rules rules;
  private final Function<String, Set<String>> groups;

  /**
   * For a keyspace without groups.
   *
   * @param rules what a history is held against
   */
  public HistoryChecker(Rules rules) {
    this(rules, key -> Set.of());
  }

  /**
   * For a keyspace with groups.
   *
   * @param rules what a history is held against
   * @param groups from a key to the groups it belongs to
   */
  public HistoryChecker(Rules rules, Function<String, Set<String>> groups) {
    this.rules = rules;
    this.groups = groups;
  }

  /** Checks a history, without a look at what was left in the end. */
  public Report check(History history) {
    return check(history, List.of());
  }

  /**
   * Checks a history and what was left in the end.
   *
   * @param history what was done
   * @param finalReads consistent reads made of the source after all operations had ended and all
   *     faults were healed; they are held against the writes only
   * @throws IllegalArgumentException if writes were acknowledged, and none with a version: every
   *     answer would do
   */
  public Report check(History history, List<Read> finalReads) {
    requireVersions(history.writes());
    var quiet = new QuietTimes(rules.faults());
    var findings = new Findings(quiet, rules.held());
    var writes = new HashMap<Long, Write>();
    history.writes().forEach(write -> writes.put(write.id(), write));
    var order = new ProcessOrder(history.writes());
    var invalidations = new Invalidations(history.barriers());
    var against = new KeyCheck.Against(rules, quiet, order, invalidations, writes, findings);
    for (var entry : byKey(history, finalReads).entrySet()) {
      entry.getValue().check(entry.getKey(), scopes(entry.getKey()), against);
    }
    checkErrors(history, findings);
    checkErrors(new History(List.copyOf(finalReads)), findings);
    return findings.report();
  }

  private static void requireVersions(List<Write> writes) {
    var versions = writes.stream()
        .map(Write::outcome)
        .filter(Outcome.Acknowledged.class::isInstance)
        .map(outcome -> ((Outcome.Acknowledged) outcome).version())
        .toList();
    if (!versions.isEmpty() && versions.stream().allMatch(version -> version == 0)) {
      throw new IllegalArgumentException(
          "history: no acknowledged write has a version (expected: a source that keeps versions)");
    }
  }

  private static Map<String, OfKey> byKey(History history, List<Read> finalReads) {
    var keys = new TreeMap<String, OfKey>();
    for (var operation : history.operations()) {
      if (operation instanceof Read read) {
        keys.computeIfAbsent(read.key(), key -> new OfKey()).reads.add(read);
      } else if (operation instanceof Write write) {
        keys.computeIfAbsent(write.key(), key -> new OfKey()).writes.add(write);
      }
    }
    for (var read : finalReads) {
      keys.computeIfAbsent(read.key(), key -> new OfKey()).finalReads.add(read);
    }
    return keys;
  }

  private List<Scope> scopes(String key) {
    var scopes = new ArrayList<Scope>();
    scopes.add(new Scope.All());
    scopes.add(new Scope.Key(key));
    groups.apply(key).forEach(group -> scopes.add(new Scope.Group(group)));
    return scopes;
  }

  private static void checkErrors(History history, Findings findings) {
    for (var operation : history.operations()) {
      var error = error(operation);
      // Typed ones have simple names.
      if (error.indexOf('.') >= 0) {
        findings.add(Rule.TYPED_ERRORS, key(operation), "failed with " + error, operation);
      }
    }
  }

  private static String error(Operation operation) {
    if (operation instanceof Read read) {
      return read.answer() instanceof Answer.Failed failed ? failed.error() : "";
    }
    var outcome =
        operation instanceof Write write ? write.outcome() : ((Barrier) operation).outcome();
    return outcome instanceof Outcome.Unknown unknown ? unknown.error() : "";
  }

  private static String key(Operation operation) {
    if (operation instanceof Read read) {
      return read.key();
    }
    return operation instanceof Write write
        ? write.key()
        : ((Barrier) operation).scope().toString();
  }

  /** The operations of one key. */
  private static final class OfKey {
    private final List<Write> writes = new ArrayList<>();
    private final List<Read> reads = new ArrayList<>();
    private final List<Read> finalReads = new ArrayList<>();

    void check(String key, List<Scope> scopes, KeyCheck.Against against) {
      var check = new KeyCheck(key, scopes, writes, reads, against);
      reads.forEach(check::check);
      finalReads.forEach(check::checkFinal);
      against.findings().countReads(answered(reads) + answered(finalReads));
    }

    private static long answered(List<Read> reads) {
      return reads.stream()
          .filter(read -> !(read.answer() instanceof Answer.Failed))
          .count();
    }
  }
}
