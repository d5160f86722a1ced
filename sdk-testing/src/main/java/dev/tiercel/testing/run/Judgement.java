package dev.tiercel.testing.run;

import dev.tiercel.testing.check.FaultWindow;
import dev.tiercel.testing.check.History;
import dev.tiercel.testing.check.HistoryChecker;
import dev.tiercel.testing.check.Operation;
import dev.tiercel.testing.check.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Holds what the workers recorded against the rules, and their errors against the faults. */
final class Judgement {

  /** For so long after a call's deadline connections may take to come back. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private static final int MOST_TOLD = 10;

  private final CheckPlan plan;
  private final KeyspaceUnderTest subject;
  private final List<FaultWindow> faults;

  Judgement(CheckPlan plan, List<FaultWindow> faults) {
    this.plan = plan;
    this.subject = WorkerOrder.instance(plan.keyspace());
    this.faults = faults;
  }

  /** Judges by the files the workers left in a directory. */
  CheckOutcome of(Path directory) throws IOException {
    var history = History.load(files(directory, Fleet.HISTORY));
    var finalReads =
        History.load(files(directory, Fleet.HISTORY + WorkerOrder.FINAL)).reads();
    var rules = Rules.of(subject.maxStaleness()).faults(faults);
    var checked = new HistoryChecker(rules, this::groups).check(history, finalReads);
    var unexplained =
        new ErrorCheck(faults, subject.deadline().plus(GRACE)).unexplained(history.operations());
    var origin = origin(history);
    return new CheckOutcome(
        plan,
        checked,
        told(unexplained, origin),
        unexplained.size(),
        Tally.of(history.operations(), new LateSuspicion(faults, rules.convergence())),
        faults.stream().map(fault -> told(fault, origin)).collect(Collectors.joining("\n")));
  }

  private Set<String> groups(String key) {
    return subject.group(key).map(Set::of).orElse(Set.of());
  }

  private static List<String> told(List<Operation> failed, long origin) {
    return failed.stream()
        .limit(MOST_TOLD)
        .map(operation -> ErrorCheck.tell(operation, origin))
        .toList();
  }

  private static String told(FaultWindow fault, long origin) {
    return "  " + Moments.between(fault.startNanos(), fault.endNanos(), origin) + "  "
        + fault.what();
  }

  private static long origin(History history) {
    return history.operations().stream().mapToLong(Operation::startNanos).min().orElse(0);
  }

  private static List<Path> files(Path directory, String ending) throws IOException {
    try (var all = Files.list(directory)) {
      return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }
}
