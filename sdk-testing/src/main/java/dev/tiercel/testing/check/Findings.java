package dev.tiercel.testing.check;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Counts what is found and keeps the shortest example of each rule. */
final class Findings {

  private final QuietTimes quiet;
  private final Set<Rule> held;
  private final Map<Rule, Long> broken = new EnumMap<>(Rule.class);
  private final Map<Rule, Violation> examples = new EnumMap<>(Rule.class);
  private long reads;

  /** Takes what breaks one of these rules; the others are not held against anybody. */
  Findings(QuietTimes quiet, Set<Rule> held) {
    this.quiet = quiet;
    this.held = held;
  }

  void countReads(long count) {
    reads += count;
  }

  /** Adds a violation; operations that are null or given twice do not count. */
  void add(Rule rule, String key, String what, @Nullable Operation... operations) {
    if (!held.contains(rule)) {
      return;
    }
    broken.merge(rule, 1L, Long::sum);
    var ordered = Stream.of(operations)
        .filter(Objects::nonNull)
        .distinct()
        .sorted(Comparator.comparingLong(Operation::startNanos))
        .toList();
    var violation = new Violation(rule, key, what, ordered, faults(ordered));
    examples.merge(rule, violation, Findings::shorter);
  }

  private List<FaultWindow> faults(List<Operation> ordered) {
    var last = ordered.get(ordered.size() - 1);
    var end = last.endNanos() == Long.MAX_VALUE ? last.startNanos() : last.endNanos();
    return quiet.between(ordered.get(0).startNanos(), end);
  }

  private static Violation shorter(Violation one, Violation other) {
    return Violation.SHORTEST_FIRST.compare(other, one) < 0 ? other : one;
  }

  Report report() {
    var sorted = examples.values().stream().sorted(Violation.SHORTEST_FIRST).toList();
    return new Report(reads, broken, sorted);
  }
}
