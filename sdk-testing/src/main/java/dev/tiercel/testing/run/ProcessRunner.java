package dev.tiercel.testing.run;

import dev.tiercel.testing.check.FaultWindow;
import dev.tiercel.testing.check.History;
import dev.tiercel.testing.check.HistoryChecker;
import dev.tiercel.testing.check.Rules;
import dev.tiercel.testing.engine.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Runs processes of a keyspace under faults and checks what they saw. Starts one Redis, one DynamoDB
 * Local, the processes, and proxies between them; ends all of them.
 *
 * <p>Needs two processors and a minute and a half for a minute's run. Not thread-safe.
 */
public final class ProcessRunner {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** After a fault has ended, calls that began with it may still fail, and connections come back. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private static final int MOST_TOLD = 10;

  private final Consumer<String> progress;

  /**
   * A runner.
   *
   * @param progress hears what it does, a line at a time
   */
  public ProcessRunner(Consumer<String> progress) {
    this.progress = progress;
  }

  /**
   * Runs a plan. The histories and logs are kept if it does not pass.
   *
   * @param plan what to run
   * @throws WorkerException if a process ends or falls silent, which none should
   * @throws IOException if files cannot be written
   * @throws InterruptedException if the thread is interrupted; everything has ended then
   */
  public CheckOutcome run(CheckPlan plan) throws IOException, InterruptedException {
    var subject = WorkerOrder.instance(plan.keyspace());
    var directory = Files.createTempDirectory("tiercel-check-");
    var outcome = Optional.<CheckOutcome>empty();
    try {
      var checked = judge(plan, subject, directory, perform(plan, directory));
      outcome = Optional.of(checked);
      return checked;
    } finally {
      if (outcome.filter(CheckOutcome::passed).isPresent()) {
        delete(directory);
      } else if (outcome.isEmpty()) {
        progress.accept("histories and logs: " + directory);
      }
    }
  }

  /** Lets it happen, and returns what was broken, and when. */
  private List<FaultWindow> perform(CheckPlan plan, Path directory)
      throws IOException, InterruptedException {
    var faults = FaultPlan.of(plan.seed(), plan.processes(), plan.length(), kinds(plan));
    progress.accept("starting Redis, DynamoDB Local and " + plan.processes() + " processes...");
    try (var fleet = Fleet.launch(plan, directory)) {
      progress.accept("running for " + plan.length().toSeconds() + " s, seed " + plan.seed()
          + (plan.without().isEmpty() ? "" : ", without " + plan.switches()) + "...");
      List<FaultWindow> windows;
      fleet.tellAll(Worker.START);
      try (var trouble = new Trouble(fleet)) {
        trouble.play(faults, plan.length());
        windows = trouble.windows();
      }
      fleet.tellAll(Worker.STOP);
      for (var member : fleet.members()) {
        member.worker().await(Worker.STOPPED, PATIENCE);
      }
      var first = fleet.members().get(0).worker();
      first.tell(Worker.READ);
      first.await(Worker.READ_ALL, PATIENCE);
      return windows;
    }
  }

  private static Set<FaultKind> kinds(CheckPlan plan) {
    if (!plan.faults()) {
      return Set.of();
    }
    var kinds = EnumSet.allOf(FaultKind.class);
    if (!Signals.areKnown()) {
      kinds.remove(FaultKind.WORKER_PAUSE);
    }
    return kinds;
  }

  private CheckOutcome judge(
      CheckPlan plan, KeyspaceUnderTest subject, Path directory, List<FaultWindow> faults)
      throws IOException {
    progress.accept("checking...");
    var history = History.load(files(directory, Fleet.HISTORY));
    var finalReads = History.load(files(directory, Fleet.HISTORY + WorkerOrder.FINAL)).reads();
    var rules = Rules.of(subject.maxStaleness()).faults(faults);
    var checker = new HistoryChecker(
        rules, key -> subject.group(key).map(Set::of).orElse(Set.of()));
    var checked = checker.check(history, finalReads);
    var unexplained = new ErrorCheck(faults, subject.deadline().plus(GRACE))
        .unexplained(history.operations());
    var origin = origin(history);
    var outcome = new CheckOutcome(
        plan,
        checked,
        unexplained.stream()
            .limit(MOST_TOLD)
            .map(operation -> ErrorCheck.tell(operation, origin))
            .toList(),
        unexplained.size(),
        Tally.of(history.operations()),
        faults.stream().map(fault -> tell(fault, origin)).collect(Collectors.joining("\n")),
        Optional.of(directory));
    return outcome.passed() ? outcome.withoutFiles() : outcome;
  }

  private static long origin(History history) {
    return history.operations().stream()
        .mapToLong(operation -> operation.startNanos())
        .min()
        .orElse(0);
  }

  private static String tell(FaultWindow fault, long origin) {
    return "  " + Moments.between(fault.startNanos(), fault.endNanos(), origin) + "  "
        + fault.what();
  }

  private static List<Path> files(Path directory, String ending) throws IOException {
    try (var all = Files.list(directory)) {
      return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  private static void delete(Path directory) throws IOException {
    for (var file : files(directory, "")) {
      Files.delete(file);
    }
    Files.delete(directory);
  }
}
