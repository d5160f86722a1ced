package dev.tiercel.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tiercel.backend.Staleness;
import dev.tiercel.backend.Tier;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.observe.ProbeResult.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConsistencyMeterTest {

  private final ConsistencyMeter meter = new ConsistencyMeter();

  private void hear(Tier tier, Staleness label, Verdict verdict, long ageMillis) {
    var age = Duration.ofMillis(ageMillis);
    ServingListener.safe(meter).onProbe(new ProbeResult("features", tier, label, verdict, age));
  }

  @Test
  void report_nothingHeard_hasNoShare() {
    var report = meter.report();

    assertThat(report.compared()).isZero();
    assertThat(report.share()).isNaN();
    assertThat(report.ages().count()).isZero();
    assertThat(report.ages().quantile(0.5)).isZero();
    assertThat(report.ages().max()).isZero();
  }

  @Test
  void report_countsByTierAndLabel() {
    hear(Tier.LOCAL, Staleness.FRESH, Verdict.SAME, 0);
    hear(Tier.LOCAL, Staleness.FRESH, Verdict.WRITTEN_SINCE, 0);
    hear(Tier.LOCAL, Staleness.SUSPECT, Verdict.OVERTAKEN, 700);
    hear(Tier.REMOTE, Staleness.FRESH, Verdict.AHEAD, 0);
    meter.onProbe(new ProbeResult(
        "profiles", Tier.REMOTE, Staleness.FRESH, Verdict.DIFFERENT, Duration.ZERO));

    var report = meter.report();
    assertThat(report.compared()).isEqualTo(5);
    assertThat(report.agreeing()).isEqualTo(2);
    assertThat(report.share()).isEqualTo(0.4);
    assertThat(report.count(Verdict.AHEAD)).isEqualTo(1);
    assertThat(report.only(Staleness.FRESH).share()).isEqualTo(0.5);
    assertThat(report.only(Staleness.FRESH).only(Tier.LOCAL).share()).isEqualTo(1);
    assertThat(report.only("profiles").compared()).isEqualTo(1);
    assertThat(report.lines()).hasSize(4);
    assertThat(report.lines().get(0).count(Verdict.SAME)).isEqualTo(1);
    assertThat(report.lines().get(0).count(Verdict.AHEAD)).isZero();
  }

  @Test
  void report_agesAreThoseOfOvertakenAnswersOnly() {
    hear(Tier.LOCAL, Staleness.FRESH, Verdict.SAME, 0);
    hear(Tier.LOCAL, Staleness.FRESH, Verdict.AHEAD, 0);
    hear(Tier.LOCAL, Staleness.FRESH, Verdict.OVERTAKEN, 3);
    hear(Tier.REMOTE, Staleness.FRESH, Verdict.OVERTAKEN, 40);
    hear(Tier.REMOTE, Staleness.FRESH, Verdict.OVERTAKEN, 9_000);

    var ages = meter.report().ages();
    assertThat(ages.count()).isEqualTo(3);
    assertThat(ages.max()).isEqualTo(Duration.ofSeconds(9));
    assertThat(ages.quantile(0)).isEqualTo(Duration.ofMillis(4));
    assertThat(ages.quantile(0.5)).isEqualTo(Duration.ofMillis(64));
    assertThat(ages.quantile(1)).isEqualTo(Duration.ofSeconds(9));
    assertThat(meter.report().only(Tier.LOCAL).ages().max()).isEqualTo(Duration.ofMillis(3));
  }

  @Test
  void report_ageOfYears_isHeldByTheLastBucket() {
    hear(Tier.LOCAL, Staleness.FRESH, Verdict.OVERTAKEN, Duration.ofDays(10_000).toMillis());

    assertThat(meter.report().ages().quantile(0.99)).isEqualTo(Duration.ofDays(10_000));
  }

  @Test
  void report_failuresCountBeside() {
    ServingListener.safe(meter)
        .onProbeFailure("features", new Unavailable("down", Where.NOWHERE, null));

    assertThat(meter.report().failed()).isEqualTo(1);
    assertThat(meter.report().compared()).isZero();
  }

  @Test
  void quantile_outOfBounds_isRefused() {
    var ages = meter.report().ages();
    assertThatIllegalArgumentException().isThrownBy(() -> ages.quantile(1.1));
    assertThatIllegalArgumentException().isThrownBy(() -> ages.quantile(Double.NaN));
  }

  @Test
  void policy_outOfBounds_isRefused() {
    var policy = ProbePolicy.defaults();
    assertThatIllegalArgumentException().isThrownBy(() -> policy.share(-0.1));
    assertThatIllegalArgumentException().isThrownBy(() -> policy.share(1.1));
    assertThatIllegalArgumentException().isThrownBy(() -> policy.share(Double.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> policy.delay(Duration.ofNanos(-1)));
    assertThatIllegalArgumentException().isThrownBy(() -> policy.maxWaiting(0));
    assertThatIllegalArgumentException().isThrownBy(() -> policy.perSecond(0));
    assertThatIllegalArgumentException().isThrownBy(() -> policy.perSecond(1_000_001));
    assertThat(ProbePolicy.off().share()).isZero();
  }
}
