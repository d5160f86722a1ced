package dev.tiercel.samples.check;

import dev.tiercel.testing.check.Answer;
import dev.tiercel.testing.check.History;
import dev.tiercel.testing.check.Operation;
import dev.tiercel.testing.check.Outcome;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often what came of the calls of a history.
 *
 * @param reads of reads: the tier and label of a value, {@code absent}, or the error
 * @param writes of writes: {@code acknowledged} or the error
 */
record RegionTally(Map<String, Integer> reads, Map<String, Integer> writes) {

  static RegionTally of(History history) {
    var reads = new TreeMap<String, Integer>();
    var writes = new TreeMap<String, Integer>();
    history.reads().forEach(read -> reads.merge(text(read.answer()), 1, Integer::sum));
    history.writes().stream()
        .map(Operation.Write::outcome)
        .forEach(outcome -> writes.merge(text(outcome), 1, Integer::sum));
    return new RegionTally(reads, writes);
  }

  private static String text(Answer answer) {
    if (answer instanceof Answer.Value value) {
      return value.tier().name().toLowerCase(Locale.ROOT) + " "
          + value.staleness().toLowerCase(Locale.ROOT);
    }
    return answer instanceof Answer.Failed failed ? failed.error() : "absent";
  }

  private static String text(Outcome outcome) {
    if (outcome instanceof Outcome.Unknown unknown) {
      return unknown.error();
    }
    return outcome instanceof Outcome.Refused refused ? refused.error() : "acknowledged";
  }

  @Override
  public String toString() {
    return "reads: " + line(reads) + "\nwrites: " + line(writes);
  }

  private static String line(Map<String, Integer> counts) {
    var line = new StringBuilder();
    counts.forEach((what, count) -> line.append(line.isEmpty() ? "" : ", ")
        .append(String.format(Locale.ROOT, "%,d %s", count, what)));
    return line.toString();
  }
}
