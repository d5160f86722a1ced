package dev.tiercel.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.primitives.ImmutableLongArray;
import dev.tiercel.backend.Tier;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import org.junit.jupiter.api.Test;

class ReportTest {

  private static final Trace TRACE =
      new Trace("some", ImmutableLongArray.of(1, 2, 1, 1, 1, 1, 1, 1, 1, 2, 1, 2));
  private final Measurements measured = new Measurements();

  @Test
  void of_reads_shareIsOfAllAndHitRatioOfThoseThatCameSoFar() {
    answered();
    var tiers = report().tiers();
    assertThat(tiers.get(Tier.LOCAL).share()).isEqualTo(0.6, within(1e-9));
    assertThat(tiers.get(Tier.REMOTE).share()).isEqualTo(0.1, within(1e-9));
    assertThat(tiers.get(Tier.REMOTE).hitRatio()).isEqualTo(0.25, within(1e-9));
    assertThat(tiers.get(Tier.SOURCE).hitRatio()).isEqualTo(1);
    assertThat(Report.hitRatio(measured)).isEqualTo(0.7, within(1e-9));
  }

  @Test
  void isGood_error_isNot() {
    everyRequestAnswered();
    assertThat(report().isGood()).isTrue();
    measured.failed(new Unavailable("down", Where.NOWHERE, null));
    assertThat(report().isGood()).isFalse();
  }

  @Test
  void isGood_requestWithoutAnswer_isNot() {
    answered();
    measured.written(1);
    assertThat(report().isGood()).isFalse();
    measured.written(1);
    assertThat(report().isGood()).isTrue();
  }

  @Test
  void isGood_mismatch_isNot() {
    everyRequestAnswered();
    measured.mismatched("item 1: absent");
    assertThat(report().isGood()).isFalse();
  }

  @Test
  void table_showsEveryTierAndEveryError() {
    answered();
    measured.written(3_000_000);
    measured.failed(new Unavailable("down", Where.NOWHERE, null));
    measured.failed(new Overloaded("full", Where.NOWHERE, null));
    measured.failed(new Overloaded("full", Where.NOWHERE, null));
    assertThat(ReportTable.of(report()).lines().map(line -> line.trim().replaceAll(" +", " ")))
        .contains(
            "tier answers share hit ratio p50 p99 p99.9",
            "LOCAL 6 60.00 % 60.00 % 1.0 us 1.0 us 1.0 us",
            "REMOTE 1 10.00 % 25.00 % 300.0 us 300.0 us 300.0 us",
            "SOURCE 3 30.00 % 100.00 % 20.00 ms 20.00 ms 20.00 ms",
            "writes 1 3.00 ms 3.00 ms 3.00 ms",
            "requests 12 over 2 items of some, seed 7",
            "elapsed 4.0 s, 3 requests/s",
            "errors 3, Overloaded 2, Unavailable 1",
            "mismatches 0");
  }

  @Test
  void table_tierWithoutAnswers_hasNoTimes() {
    assertThat(ReportTable.of(report()).lines().map(line -> line.trim().replaceAll(" +", " ")))
        .contains("LOCAL 0 0.00 % - - - -", "errors 0");
  }

  @Test
  void json_holdsTheSame() throws Exception {
    answered();
    measured.onSourceLoad("features", 2);
    measured.failed(new Unavailable("down", Where.NOWHERE, null));
    var json = new ObjectMapper().readTree(ReportJson.of(report()));
    assertThat(json.at("/trace").asText()).isEqualTo("some");
    assertThat(json.at("/seed").asLong()).isEqualTo(7);
    assertThat(json.at("/requests").asInt()).isEqualTo(12);
    assertThat(json.at("/requestsPerSecond").asDouble()).isEqualTo(3);
    assertThat(json.at("/tiers/LOCAL/count").asInt()).isEqualTo(6);
    assertThat(json.at("/tiers/REMOTE/hitRatio").asDouble()).isEqualTo(0.25, within(1e-9));
    assertThat(json.at("/tiers/REMOTE/p99Micros").asDouble()).isEqualTo(300, within(1.0));
    assertThat(json.at("/tiers/SOURCE/p999Micros").asDouble()).isEqualTo(20_000, within(100.0));
    assertThat(json.at("/sourceLoads").asInt()).isEqualTo(2);
    assertThat(json.at("/errors").asInt()).isEqualTo(1);
    assertThat(json.at("/errorsByType/Unavailable").asInt()).isEqualTo(1);
    assertThat(json.at("/mismatches").asInt()).isZero();
  }

  private Report report() {
    return Report.of(TRACE, 7, 2, 0.5, 4, measured);
  }

  private void everyRequestAnswered() {
    answered();
    measured.written(1);
    measured.written(1);
  }

  private void answered() {
    for (var hit = 0; hit < 6; hit++) {
      measured.answered(Tier.LOCAL, 1_000);
    }
    measured.answered(Tier.REMOTE, 300_000);
    for (var load = 0; load < 3; load++) {
      measured.answered(Tier.SOURCE, 20_000_000);
    }
  }
}
