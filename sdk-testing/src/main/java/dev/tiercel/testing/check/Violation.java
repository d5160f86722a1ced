package dev.tiercel.testing.check;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A part of a history that breaks a rule: no more than the operations that matter.
 *
 * @param rule the rule
 * @param key the key
 * @param what what is wrong, in a sentence
 * @param operations the operations that matter, in the order of their beginnings; the last is the
 *     one that breaks the rule unless that began earlier
 * @param faults what was broken meanwhile
 */
public record Violation(
    Rule rule, String key, String what, List<Operation> operations, List<FaultWindow> faults) {

  private static final double NANOS_PER_SECOND = 1e9;

  static final Comparator<Violation> SHORTEST_FIRST = Comparator.<Violation>comparingInt(
          violation -> violation.operations.size())
      .thenComparingLong(Violation::spanNanos);

  /** Copies the lists. */
  public Violation {
    operations = List.copyOf(operations);
    faults = List.copyOf(faults);
  }

  private long spanNanos() {
    return operations.get(operations.size() - 1).startNanos()
        - operations.get(0).startNanos();
  }

  /** The history, one operation a line, with times relative to the first. */
  @Override
  public String toString() {
    long origin = operations.get(0).startNanos();
    var lines = operations.stream()
        .map(operation -> line(operation, origin))
        .collect(Collectors.joining("\n", rule + ", key " + key + ": " + what + "\n", "\n"));
    return lines
        + (faults.isEmpty()
            ? "  no fault meanwhile"
            : faults.stream()
                .map(fault -> "  fault " + span(fault.startNanos(), fault.endNanos(), origin) + "  "
                    + fault.what())
                .collect(Collectors.joining("\n")));
  }

  private static String line(Operation operation, long origin) {
    return "  " + span(operation.startNanos(), operation.endNanos(), origin) + "  process "
        + operation.process() + "  " + text(operation);
  }

  private static String span(long start, long end, long origin) {
    return seconds(start - origin) + " .. "
        + (end == Long.MAX_VALUE ? "(never)" : seconds(end - origin));
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%+.6f s", nanos / NANOS_PER_SECOND);
  }

  private static String text(Operation operation) {
    if (operation instanceof Operation.Read read) {
      var least = read.atLeast() == 0 ? "" : " atLeast " + read.atLeast();
      var bound = read.maxStalenessNanos() < 0
          ? least
          : least + " maxStaleness " + seconds(read.maxStalenessNanos());
      return "read" + bound + " -> " + text(read.answer());
    }
    if (operation instanceof Operation.Write write) {
      var verb = write.kind() == Operation.Kind.PUT ? "put" : "remove";
      return verb + " #" + write.id() + " -> " + text(write.outcome());
    }
    var barrier = (Operation.Barrier) operation;
    return "expire " + barrier.scope() + " -> " + text(barrier.outcome());
  }

  private static String text(Answer answer) {
    if (answer instanceof Answer.Value value) {
      return "#" + value.id() + " version " + value.version() + " from " + value.tier() + ", age "
          + seconds(value.ageNanos()) + ", " + value.staleness();
    }
    return answer instanceof Answer.Failed failed ? "failed: " + failed.error() : "absent";
  }

  private static String text(Outcome outcome) {
    if (outcome instanceof Outcome.Acknowledged acknowledged) {
      return "version " + acknowledged.version();
    }
    return outcome instanceof Outcome.Unknown unknown
        ? "unknown: " + unknown.error()
        : "refused: " + ((Outcome.Refused) outcome).error();
  }
}
