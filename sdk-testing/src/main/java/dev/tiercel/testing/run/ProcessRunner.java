package dev.tiercel.testing.run;

import dev.tiercel.testing.check.FaultWindow;
import dev.tiercel.testing.engine.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Runs processes of a keyspace under faults and checks what they saw. Starts one Redis, one
 * DynamoDB Local, the processes, and proxies between them; ends all of them.
 *
 * <p>Needs two processors and a minute and a half for a minute's run. Not thread-safe.
 */
public final class ProcessRunner {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

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
    var directory = Files.createTempDirectory("tiercel-check-");
    var passed = false;
    try {
      var faults = perform(plan, directory);
      progress.accept("checking...");
      var outcome = new Judgement(plan, faults).of(directory);
      passed = outcome.passed();
      return outcome;
    } finally {
      if (passed) {
        delete(directory);
      } else {
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

  private static void delete(Path directory) throws IOException {
    try (var all = Files.list(directory)) {
      for (var file : all.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
