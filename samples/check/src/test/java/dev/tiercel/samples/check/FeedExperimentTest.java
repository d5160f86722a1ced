package dev.tiercel.samples.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the command does, in short. */
class FeedExperimentTest {

  @Test
  void run_feedInterrupted_answersAreLabelledAndTheSourceIsSpared() throws Exception {
    var outcome = new FeedExperiment(500, Duration.ofSeconds(10)).run();
    assertThat(outcome.passed()).as("%s", outcome).isTrue();
    assertThat(outcome.watch().suspects()).as("%s", outcome).isPositive();
    assertThat(outcome.loadsMeanwhile()).as("%s", outcome).isPositive();
  }
}
