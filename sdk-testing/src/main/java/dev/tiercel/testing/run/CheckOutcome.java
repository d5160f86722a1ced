package dev.tiercel.testing.run;

import dev.tiercel.testing.check.Report;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of a run.
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

  /** Copies the list. */
  public CheckOutcome {
    unexplained = List.copyOf(unexplained);
  }

  /** Whether nothing is wrong with what was seen. */
  public boolean clean() {
    return checked.passed() && unexplainedCount == 0;
  }

  /**
   * Whether it is as it must be: clean; or, if mechanisms were switched off, with at least one
   * broken rule.
   */
  public boolean passed() {
    return plan.without().isEmpty() ? clean() : !checked.passed();
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
        : "FAIL: " + off + ", no violation was found";
  }
}
