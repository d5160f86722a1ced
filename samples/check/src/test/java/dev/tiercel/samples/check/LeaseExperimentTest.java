package dev.tiercel.samples.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LeaseExperimentTest {

  @Test
  void run_twoProcesses_theirReadersShareOneLoad() throws Exception {
    var outcome = new LeaseExperiment(2, 200, false).run();
    assertThat(outcome.passed()).as("%s", outcome).isTrue();
    assertThat(outcome.loads()).isEqualTo(1);
  }

  @Test
  void run_holderKilled_theOthersAreAnsweredAfterOneMoreLoad() throws Exception {
    var outcome = new LeaseExperiment(2, 50, true).run();
    assertThat(outcome.passed()).as("%s", outcome).isTrue();
    assertThat(outcome.answers()).hasSize(1);
  }
}
