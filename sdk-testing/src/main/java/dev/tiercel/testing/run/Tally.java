package dev.tiercel.testing.run;

import dev.tiercel.testing.check.Answer;
import dev.tiercel.testing.check.Operation;
import dev.tiercel.testing.check.Outcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Counts what each process did and was told, as a table. */
final class Tally {

  private static final String ROW = "%-8s %9s %9s %8s %8s %8s %8s %8s %7s %7s %8s %8s";

  /** What is counted, in the order of the columns. */
  private enum Column {
    READS,
    LOCAL,
    REMOTE,
    SOURCE,
    ABSENT,
    STALE,
    /** Suspect, and long after any fault. */
    LATE,
    FAILED,
    WRITES,
    UNKNOWN,
    REFUSED
  }

  private final TreeMap<Integer, Map<Column, Long>> byProcess = new TreeMap<>();

  private final LateSuspicion late;

  private Tally(LateSuspicion late) {
    this.late = late;
  }

  static String of(List<Operation> operations, LateSuspicion late) {
    var tally = new Tally(late);
    operations.forEach(tally::count);
    return tally.table();
  }

  private void count(Operation operation) {
    var row = byProcess.computeIfAbsent(operation.process(), any -> new EnumMap<>(Column.class));
    if (operation instanceof Operation.Read read) {
      count(row, Column.READS);
      count(row, read.answer());
      if (late.holds(read)) {
        count(row, Column.LATE);
      }
    } else {
      count(row, Column.WRITES);
      count(
          row,
          operation instanceof Operation.Write write
              ? write.outcome()
              : ((Operation.Barrier) operation).outcome());
    }
  }

  private static void count(Map<Column, Long> row, Answer answer) {
    if (answer instanceof Answer.Value value) {
      count(row, Column.valueOf(value.tier().name()));
      if (!value.staleness().equals(Answer.FRESH)) {
        count(row, Column.STALE);
      }
    } else {
      count(row, answer instanceof Answer.Failed ? Column.FAILED : Column.ABSENT);
    }
  }

  private static void count(Map<Column, Long> row, Outcome outcome) {
    if (outcome instanceof Outcome.Unknown) {
      count(row, Column.UNKNOWN);
    } else if (outcome instanceof Outcome.Refused) {
      count(row, Column.REFUSED);
    }
  }

  private static void count(Map<Column, Long> row, Column column) {
    row.merge(column, 1L, Long::sum);
  }

  private String table() {
    var lines = new ArrayList<String>();
    var header = new ArrayList<Object>();
    header.add("process");
    for (var column : Column.values()) {
      header.add(column.name().toLowerCase(Locale.ROOT));
    }
    lines.add(String.format(Locale.ROOT, ROW, header.toArray()));
    var all = new EnumMap<Column, Long>(Column.class);
    byProcess.forEach((process, row) -> {
      lines.add(line(Integer.toString(process), row));
      row.forEach((column, count) -> all.merge(column, count, Long::sum));
    });
    lines.add(line("all", all));
    return String.join("\n", lines);
  }

  private static String line(String process, Map<Column, Long> row) {
    var cells = new ArrayList<Object>();
    cells.add(process);
    for (var column : Column.values()) {
      cells.add(String.format(Locale.ROOT, "%,d", row.getOrDefault(column, 0L)));
    }
    return String.format(Locale.ROOT, ROW, cells.toArray());
  }
}
