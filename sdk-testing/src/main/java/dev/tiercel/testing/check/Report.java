package dev.tiercel.testing.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a history was found to be.
 *
 * @param checkedReads how many reads were answered and looked at, the final ones included
 * @param broken how often each rule was broken; a rule that was kept is not in it
 * @param examples for each broken rule the shortest offending history, the shortest of all first
 */
public record Report(long checkedReads, Map<Rule, Long> broken, List<Violation> examples) {

  /** Copies the parts. */
  public Report {
    broken = Map.copyOf(broken);
    examples = List.copyOf(examples);
  }

  /** Whether every rule was kept. */
  public boolean passed() {
    return broken.isEmpty();
  }

  /** How often a rule was broken. */
  public long broken(Rule rule) {
    return broken.getOrDefault(rule, 0L);
  }

  /** A count for each broken rule, and an offending history for each. */
  @Override
  public String toString() {
    var lines = new ArrayList<String>();
    lines.add("reads checked: " + checkedReads + (passed() ? ", every rule kept" : ""));
    broken.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> "broken: " + entry.getKey() + " " + entry.getValue() + " times")
        .forEach(lines::add);
    examples.stream().map(Violation::toString).forEach(lines::add);
    return lines.stream().collect(Collectors.joining("\n"));
  }
}
