package dev.tiercel.testing.run;

import dev.tiercel.testing.check.Report;
import dev.tiercel.testing.check.Rule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What came of a run. A run of a minute or more must have checked its share of reads, 200,000 a
 * minute: whoever sees little finds little.
 *
 * @param plan what was run
 * @param checked what the history was found to be
 * @param unexplained the errors that no fault explains, one a line, the first few
 * @param unexplainedCount how many there are
 * @param table what each process did
 * @param faults what was broken, one fault a line
 */
public record CheckOutcome(
    CheckPlan plan,
    Report checked,
    List<String> unexplained,
    long unexplainedCount,
    String table,
    String faults) {

  /** What caches can get wrong (G2 to G5). */
  private static final Set<Rule> OF_CACHES = EnumSet.of(
      Rule.READ_YOUR_WRITES,
      Rule.MONOTONIC,
      Rule.HONEST_LABEL,
      Rule.BOUNDED_STALENESS,
      Rule.CONVERGENCE,
      Rule.BARRIER);

  private static final long MINUTE = 60;
  private static final long READS_PER_MINUTE = 200_000;

  /** Copies the list. */
  public CheckOutcome {
    unexplained = List.copyOf(unexplained);
  }

  /** Whether nothing is wrong with what was seen, and enough was. */
  public boolean clean() {
    return checked.passed() && unexplainedCount == 0 && checked.checkedReads() >= neededReads();
  }

  /**
   * Whether it is as it must be: clean; or, if mechanisms were switched off, with at least one
   * broken rule of those that the mechanisms keep, which are on the order and the age of answers.
   */
  public boolean passed() {
    return plan.without().isEmpty() ? clean() : isFoundOut();
  }

  private boolean isFoundOut() {
    return checked.broken().keySet().stream().anyMatch(OF_CACHES::contains);
  }

  /** Short runs are over before much has happened. */
  private long neededReads() {
    var length = plan.length().toSeconds();
    return length < MINUTE ? 0 : READS_PER_MINUTE * length / MINUTE;
  }

  /** The table, what is wrong, the plan if anything is, and the verdict in the last line. */
  public String report() {
    var lines = new ArrayList<String>();
    lines.add(table);
    lines.add(checked.toString());
    if (unexplainedCount > 0) {
      lines.add("errors that no fault explains: " + unexplainedCount);
      unexplained.forEach(error -> lines.add("  " + error));
    }
    if (checked.checkedReads() < neededReads()) {
      lines.add("reads checked: " + checked.checkedReads() + " (expected: " + neededReads()
          + " or more)");
    }
    if (!clean()) {
      lines.add("faults, with seed " + plan.seed() + ":");
      lines.add(faults.isEmpty() ? "  none" : faults);
    }
    lines.add(verdict());
    return String.join("\n", lines);
  }

  private String verdict() {
    if (plan.without().isEmpty()) {
      return clean() ? "PASS" : "FAIL";
    }
    var off = "without " + plan.switches();
    return passed()
        ? "PASS: " + off + ", violations were found, as they must"
        : "FAIL: " + off + ", no violation of order or age was found";
  }
}
