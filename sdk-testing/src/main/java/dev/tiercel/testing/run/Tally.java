package dev.tiercel.testing.run;

import dev.tiercel.testing.check.Answer;
import dev.tiercel.testing.check.Operation;
import dev.tiercel.testing.check.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** Counts what each process did and was told, as a table. */
final class Tally {

  private static final String ROW = "%-8s %9s %9s %8s %8s %8s %8s %7s %7s %8s %8s";

  /** What is counted, in the order of the columns. */
  private enum Column {
    READS,
    LOCAL,
    REMOTE,
    SOURCE,
    ABSENT,
    STALE,
    FAILED,
    WRITES,
    UNKNOWN,
    REFUSED
  }

  private final TreeMap<Integer, long[]> byProcess = new TreeMap<>();

  static String of(List<Operation> operations) {
    var tally = new Tally();
    operations.forEach(tally::count);
    return tally.table();
  }

  private void count(Operation operation) {
    var row = byProcess.computeIfAbsent(operation.process(), any -> new long[columns()]);
    if (operation instanceof Operation.Read read) {
      row[Column.READS.ordinal()]++;
      count(row, read.answer());
    } else {
      row[Column.WRITES.ordinal()]++;
      count(
          row,
          operation instanceof Operation.Write write
              ? write.outcome()
              : ((Operation.Barrier) operation).outcome());
    }
  }

  private static void count(long[] row, Answer answer) {
    if (answer instanceof Answer.Value value) {
      row[Column.valueOf(value.tier().name()).ordinal()]++;
      if (!value.staleness().equals(Answer.FRESH)) {
        row[Column.STALE.ordinal()]++;
      }
    } else {
      row[(answer instanceof Answer.Failed ? Column.FAILED : Column.ABSENT).ordinal()]++;
    }
  }

  private static void count(long[] row, Outcome outcome) {
    if (outcome instanceof Outcome.Unknown) {
      row[Column.UNKNOWN.ordinal()]++;
    } else if (outcome instanceof Outcome.Refused) {
      row[Column.REFUSED.ordinal()]++;
    }
  }

  private String table() {
    var lines = new ArrayList<String>();
    var header = new ArrayList<Object>();
    header.add("process");
    for (var column : Column.values()) {
      header.add(column.name().toLowerCase(Locale.ROOT));
    }
    lines.add(String.format(Locale.ROOT, ROW, header.toArray()));
    var all = new long[columns()];
    byProcess.forEach((process, row) -> {
      lines.add(line(Integer.toString(process), row));
      for (var column = 0; column < row.length; column++) {
        all[column] += row[column];
      }
    });
    lines.add(line("all", all));
    return String.join("\n", lines);
  }

  private static String line(String process, long[] row) {
    var cells = new ArrayList<Object>();
    cells.add(process);
    for (var cell : row) {
      cells.add(String.format(Locale.ROOT, "%,d", cell));
    }
    return String.format(Locale.ROOT, ROW, cells.toArray());
  }

  private static int columns() {
    return Column.values().length;
  }
}
