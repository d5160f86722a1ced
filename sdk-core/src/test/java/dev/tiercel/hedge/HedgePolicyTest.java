package dev.tiercel.hedge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HedgePolicyTest {

  private static final HedgePolicy POLICY = HedgePolicy.defaults();

  @Test
  void defaults_hedgeTheSlowest2Percent() {
    assertThat(POLICY.enabled()).isTrue();
    assertThat(POLICY.quantile()).isEqualTo(0.98);
    assertThat(POLICY.warmUp()).isGreaterThanOrEqualTo(100);
    assertThat(HedgePolicy.off().enabled()).isFalse();
  }

  @Test
  void withers_changeOnePartOnly() {
    var changed = POLICY
        .quantile(0.9)
        .floor(Duration.ofMillis(2))
        .cap(Duration.ofMillis(3))
        .warmUp(7)
        .window(Duration.ofSeconds(9))
        .maxHedges(3)
        .enabled(false);

    assertThat(changed)
        .isEqualTo(new HedgePolicy(
            false, 0.9, Duration.ofMillis(2), Duration.ofMillis(3), 7, Duration.ofSeconds(9), 3));
  }

  @Test
  void outOfBounds_isRefusedWithWhatWasExpected() {
    refused(() -> POLICY.quantile(0), "quantile: 0.0 (expected: above 0 and below 1)");
    refused(() -> POLICY.quantile(1), "quantile: 1.0 (expected: above 0 and below 1)");
    refused(() -> POLICY.quantile(Double.NaN), "quantile: NaN (expected: above 0 and below 1)");
    refused(() -> POLICY.floor(Duration.ZERO), "floor: PT0S (expected: more than zero)");
    refused(() -> POLICY.window(Duration.ZERO), "window: PT0S (expected: more than zero)");
    refused(() -> POLICY.warmUp(0), "warmUp: 0 (expected: at least 1)");
    refused(() -> POLICY.maxHedges(0), "maxHedges: 0 (expected: 1 to 3)");
    refused(() -> POLICY.maxHedges(4), "maxHedges: 4 (expected: 1 to 3)");
    refused(
        () -> POLICY.cap(Duration.ofNanos(1)),
        "cap: PT0.000000001S (expected: at least PT0.0005S)");
  }

  private static void refused(Runnable change, String message) {
    assertThatThrownBy(change::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
