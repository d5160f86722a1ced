package dev.tiercel.samples.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupOutcomeTest {

  @ParameterizedTest
  @CsvSource({
    "199, 100, 0, 0, true",
    "200, 100, 0, 0, false",
    "100, 100, 1, 0, false",
    "100, 100, 0, 1, false",
  })
  void passed_timesAndAnswers_alikeAndNoneFromBefore(
      int large, int small, int before, int others, boolean expected) {
    var outcome = new GroupOutcome(
        1000, Duration.ofNanos(large), Duration.ofNanos(small), 2000, before, others);
    assertThat(outcome.passed()).isEqualTo(expected);
    assertThat(outcome.toString()).endsWith(expected ? "PASS" : "FAIL");
  }
}
