package dev.tiercel.samples.check;

import dev.tiercel.testing.check.Report;
import dev.tiercel.testing.check.Rule;
import dev.tiercel.testing.region.FaultScript;
import java.util.ArrayList;

/**
 * What came of two regions.
 *
 * @param script what went wrong
 * @param checked what the history was found to be
 * @param tally what came of the calls
 * @param switches how often a process went over to another region
 * @param losses how often a process found a region to be lost
 * @param withoutFloor whether what a process has seen did not count: then somebody must have gone
 *     back
 */
record RegionOutcome(
    FaultScript script,
    Report checked,
    RegionTally tally,
    int switches,
    int losses,
    boolean withoutFloor)
    implements Experiment.Outcome {

  @Override
  public boolean passed() {
    return withoutFloor
        ? checked.broken(Rule.READ_YOUR_WRITES) + checked.broken(Rule.MONOTONIC) > 0
        : checked.passed();
  }

  @Override
  public String toString() {
    var lines = new ArrayList<String>();
    lines.add("seed " + script.seed());
    lines.add(tally.toString());
    lines.add("regions lost: " + losses + ", switches: " + switches + ", over all processes");
    lines.add(checked.toString());
    if (!checked.passed()) {
      lines.add("faults, with " + script);
    }
    lines.add(verdict());
    return String.join("\n", lines);
  }

  private String verdict() {
    if (!withoutFloor) {
      return passed() ? "PASS" : "FAIL";
    }
    return passed()
        ? "PASS: without floor, somebody went back, as they must"
        : "FAIL: without floor, nobody went back";
  }
}
