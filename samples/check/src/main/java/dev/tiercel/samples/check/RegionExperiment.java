package dev.tiercel.samples.check;

import dev.tiercel.region.WritePolicy;
import dev.tiercel.testing.check.FaultWindow;
import dev.tiercel.testing.check.History;
import dev.tiercel.testing.check.HistoryChecker;
import dev.tiercel.testing.check.Operation;
import dev.tiercel.testing.check.Rule;
import dev.tiercel.testing.check.Rules;
import dev.tiercel.testing.region.FaultScript;
import dev.tiercel.testing.region.RegionFault;
import dev.tiercel.testing.region.RegionHarness;
import dev.tiercel.testing.region.RegionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Four processes, two in each of two regions, on clocks five minutes apart, read and write the same
 * keys while a script lags and parts the replication and breaks one region after another. Whatever
 * happens, nobody may be given what is older than what it has written, seen or been handed.
 */
final class RegionExperiment {

  private static final int PROCESSES_PER_REGION = 2;
  private static final int FINAL_READER = 1_000;
  private static final Duration SKEW = Duration.ofSeconds(150);
  private static final Duration ROUND_TRIP = Duration.ofMillis(10);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration ANY_AGE = Duration.ofDays(1);

  /**
   * What holds between regions that replicate asynchronously. How old an answer is, and when a
   * change is known everywhere, depends on the replication: those rules are held by the runs within
   * one region.
   */
  private static final Set<Rule> PROMISED =
      EnumSet.of(Rule.READ_YOUR_WRITES, Rule.MONOTONIC, Rule.TRUTH, Rule.TYPED_ERRORS);

  /**
   * What one table decides as well. Where both regions write one key within the lag, the tables
   * decide by arrival: a write can lose to an older version that came later, and two writers can
   * make the same version.
   */
  private static final Set<Rule> PROMISED_BY_ONE_TABLE =
      EnumSet.of(Rule.LOST_WRITE, Rule.ONE_VALUE);

  private final WritePolicy writes;
  private final Duration length;
  private final long seed;
  private final boolean withoutFloor;
  private final RegionCounts counts = new RegionCounts();

  RegionExperiment(WritePolicy writes, Duration length, long seed, boolean withoutFloor) {
    this.writes = writes;
    this.length = length;
    this.seed = seed;
    this.withoutFloor = withoutFloor;
  }

  RegionOutcome run() throws IOException, InterruptedException {
    var directory = Files.createTempDirectory("tiercel-regions-");
    var options = RegionOptions.of(RegionalStore.EAST, RegionalStore.WEST)
        .roundTrip(ROUND_TRIP)
        .seed(seed);
    try (var harness = RegionHarness.start(options)) {
      skew(harness);
      return run(harness, directory);
    } finally {
      delete(directory);
    }
  }

  private static void skew(RegionHarness harness) {
    harness.inject(new RegionFault.Skew(RegionalStore.EAST, SKEW));
    harness.inject(new RegionFault.Skew(RegionalStore.WEST, SKEW.negated()));
  }

  private RegionOutcome run(RegionHarness harness, Path directory)
      throws IOException, InterruptedException {
    var store = new RegionalStore(harness, writes);
    var script = RegionScript.of(seed, length);
    var faults = play(harness, store, script, directory);
    harness.heal();
    harness.replicator().awaitConvergence(PATIENCE);
    var last = directory.resolve("last");
    var home = harness.region(RegionalStore.EAST);
    try (var reader =
        new RegionProcess(store, home, FINAL_READER, seed, last, new Handover(), counts)) {
      reader.readAll();
    }
    return judge(script, faults, directory, last);
  }

  private List<FaultWindow> play(
      RegionHarness harness, RegionalStore store, FaultScript script, Path directory)
      throws InterruptedException {
    var processes = new ArrayList<RegionProcess>();
    try {
      open(harness, store, directory, processes);
      processes.get(0).fill();
      harness.replicator().awaitConvergence(PATIENCE);
      processes.forEach(RegionProcess::start);
      var played = script.play(harness);
      for (var process : processes) {
        process.stop();
      }
      return played.stream().map(RegionExperiment::window).toList();
    } finally {
      processes.forEach(RegionProcess::close);
    }
  }

  /** For the report: none of the rules held here asks for quiet times. */
  private static FaultWindow window(FaultScript.Played played) {
    var what = played.step().fault().toString();
    return new FaultWindow(played.startNanos(), played.endNanos(), what);
  }

  private void open(
      RegionHarness harness, RegionalStore store, Path directory, List<RegionProcess> processes) {
    var handover = new Handover();
    for (var region : harness.regions()) {
      for (var each = 0; each < PROCESSES_PER_REGION; each++) {
        var number = processes.size();
        var history = directory.resolve("process-" + number);
        processes.add(new RegionProcess(store, region, number, seed, history, handover, counts));
      }
    }
  }

  private RegionOutcome judge(
      FaultScript script, List<FaultWindow> faults, Path directory, Path last) throws IOException {
    var history =
        History.load(files(directory).stream().filter(one -> !one.equals(last)).toList());
    List<Operation.Read> finalReads = isHome() ? History.load(List.of(last)).reads() : List.of();
    var promised = EnumSet.copyOf(PROMISED);
    if (isHome()) {
      promised.addAll(PROMISED_BY_ONE_TABLE);
    }
    var rules = Rules.of(ANY_AGE).faults(faults).only(promised);
    var report = new HistoryChecker(rules).check(history, finalReads);
    return new RegionOutcome(
        script, report, RegionTally.of(history), counts.switches(), counts.losses(), withoutFloor);
  }

  private boolean isHome() {
    return writes instanceof WritePolicy.Home;
  }

  private static List<Path> files(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.toList();
    }
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
