package dev.tiercel.samples.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeaseOutcomeTest {

  @ParameterizedTest
  @CsvSource({
    "1, 1, 5 answered, true",
    "2, 1, 5 answered, false",
    "2, 2, 5 answered, true",
    "0, 1, 5 answered, false",
    "1, 1, '4 answered, others {Overloaded=1}', false",
  })
  void passed_loadsAndAnswers_fewEnoughAndAll(
      int loads, int most, String second, boolean expected) {
    var outcome =
        new LeaseOutcome(loads, most, 10, List.of("reader-0: 5 answered", "reader-1: " + second));
    assertThat(outcome.passed()).isEqualTo(expected);
    assertThat(outcome.toString())
        .contains("reader-1: " + second, "loads: " + loads + " (expected: at most " + most + ")")
        .endsWith(expected ? "PASS" : "FAIL");
  }
}
