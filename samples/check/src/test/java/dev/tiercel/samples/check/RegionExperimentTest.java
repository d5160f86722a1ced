package dev.tiercel.samples.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.region.WritePolicy;
import dev.tiercel.testing.run.WorkerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Short runs on real engines; the long ones are the command's. */
class RegionExperimentTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @Test
  void run_oneRegionWrites_nobodyGoesBack() throws Exception {
    assertNobodyGoesBack(WritePolicy.home(RegionalStore.EAST), 8);
  }

  @Test
  void run_bothRegionsWrite_nobodyGoesBack() throws Exception {
    assertNobodyGoesBack(WritePolicy.anywhere(), 8);
  }

  private static void assertNobodyGoesBack(WritePolicy writes, int seconds) throws Exception {
    var outcome = new RegionExperiment(writes, Duration.ofSeconds(seconds), 1, false).run();
    assertThat(outcome.passed()).as("%s", outcome).isTrue();
    assertThat(outcome.checked().checkedReads()).as("%s", outcome).isGreaterThan(1_000);
  }

  /** In a process of its own: what is switched off is read once. */
  @Test
  void run_withoutFloor_somebodyGoesBack(@TempDir Path directory) throws Exception {
    var arguments = List.of(
        "regions", "--writes", "anywhere", "--seconds", "10", "--seed", "1", "--without", "floor");
    var lines = new ArrayList<String>();
    try (var run = WorkerProcess.start(
        "without-floor", Check.class, arguments, directory, List.of(), line -> false)) {
      do {
        lines.add(run.next(PATIENCE));
      } while (!isVerdict(lines.get(lines.size() - 1)));
    }
    assertThat(lines).last().asString().as("%s", lines).startsWith("PASS");
  }

  private static boolean isVerdict(String line) {
    return line.startsWith("PASS") || line.startsWith("FAIL");
  }
}
