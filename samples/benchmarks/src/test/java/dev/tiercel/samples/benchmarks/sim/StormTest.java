package dev.tiercel.samples.benchmarks.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StormTest {

  private static final double UTILISATION = 0.75;
  private static final Storm.Plan SHORT =
      new Storm.Plan(Duration.ofSeconds(10), Duration.ofSeconds(13), Duration.ofSeconds(25), 1.5);

  @Test
  void run_sameSeed_sameFigures() {
    var once = Storm.run(SHORT, UTILISATION, 7, Policy.OURS);
    var again = Storm.run(SHORT, UTILISATION, 7, Policy.OURS);
    assertThat(again.latencies()).isEqualTo(once.latencies());
    assertThat(again.load()).isEqualTo(once.load());
    assertThat(again.failureRate()).isEqualTo(once.failureRate());
  }

  @Test
  void run_fixedDelayWithoutBudget_neverRecovers() {
    var storm = Storm.run(SHORT, UTILISATION, 7, Policy.FIXED);
    assertThat(storm.failureRate()).isGreaterThan(0.5);
    assertThat(storm.recovery()).isEmpty();
  }

  @Test
  void run_ours_isNoWorseThanNoneAndRecovers() {
    var none = Storm.run(SHORT, UTILISATION, 7, Policy.NONE);
    var ours = Storm.run(SHORT, UTILISATION, 7, Policy.OURS);
    assertThat(ours.failureRate()).isLessThan(none.failureRate() + StormTable.MOST_MORE_FAILURES);
    assertThat(ours.load()).isLessThan(StormTable.MOST_LOAD);
    assertThat(ours.recovery())
        .hasValueSatisfying(recovery -> assertThat(Storm.seconds(recovery))
            .isLessThanOrEqualTo(StormTable.MOST_RECOVERY_SECONDS));
  }
}
