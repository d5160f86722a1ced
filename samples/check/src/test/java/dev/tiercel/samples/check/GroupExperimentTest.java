package dev.tiercel.samples.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the command does, in short. */
class GroupExperimentTest {

  @Test
  void run_groupExpired_noProcessServesWhatWasLoadedBefore() {
    var outcome = new GroupExperiment(2_500, 5).run();
    assertThat(outcome.isComplete()).as("%s", outcome).isTrue();
    assertThat(outcome.answers()).isEqualTo(5_000);
  }
}
