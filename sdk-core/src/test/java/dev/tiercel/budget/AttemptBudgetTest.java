package dev.tiercel.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tiercel.testing.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AttemptBudgetTest {

  private static final Duration HOLD = Duration.ofSeconds(5);

  private final FakeTime time = new FakeTime();

  private AttemptBudget budget(double ratio, int burst) {
    return new AttemptBudget(new BudgetPolicy(ratio, burst, HOLD), time);
  }

  private static int spend(AttemptBudget budget) {
    var spent = 0;
    while (budget.tryPay(1)) {
      spent++;
    }
    return spent;
  }

  @Test
  void tryPay_nothingPaidIn_endsWithTheBurst() {
    var budget = budget(0.05, 20);
    assertThat(spend(budget)).isEqualTo(20);
    time.advance(Duration.ofHours(1));
    assertThat(budget.tryPay(1)).as("time alone pays nothing in").isFalse();
  }

  @Test
  void succeeded_paysInItsShare() {
    var budget = budget(0.05, 20);
    assertThat(spend(budget)).isEqualTo(20);
    budget.succeeded(19);
    assertThat(budget.tryPay(1)).isFalse();
    budget.succeeded(1);
    assertThat(budget.tryPay(1)).isTrue();
    assertThat(budget.tryPay(1)).isFalse();
  }

  @Test
  void succeeded_aCallASecond_holdsTheBurstAndNoMore() {
    var budget = budget(0.05, 20);
    for (var second = 0; second < 3_600; second++) {
      budget.succeeded(1);
      time.advance(Duration.ofSeconds(1));
    }
    assertThat(budget.tokens()).isEqualTo(20);
  }

  @Test
  void succeeded_busy_holdsWhatTheHoldHasPaidIn() {
    var budget = budget(0.05, 20);
    for (var milli = 0; milli < 20_000; milli++) {
      budget.succeeded(5);
      time.advance(Duration.ofMillis(1));
    }
    // 5,000 a second pay in 250 a second.
    assertThat(budget.tokens()).isBetween(1_245L, 1_250L);
  }

  @Test
  void tokens_quietAfterBusy_fallBackToTheBurst() {
    var budget = budget(0.05, 20);
    for (var milli = 0; milli < 20_000; milli++) {
      budget.succeeded(5);
      time.advance(Duration.ofMillis(1));
    }
    time.advance(HOLD.multipliedBy(2));
    assertThat(spend(budget)).isEqualTo(20);
  }

  @Test
  void tryPay_busy_neverAddsMoreThanItsShare() {
    var budget = budget(0.05, 20);
    var spent = 0;
    for (var milli = 0; milli < 60_000; milli++) {
      budget.succeeded(5);
      spent += budget.tryPay(1) ? 1 : 0;
      time.advance(Duration.ofMillis(1));
    }
    assertThat(spent).isLessThanOrEqualTo(20 + 300_000 / 20);
  }

  @Test
  void tryPay_moreKeysThanItCanHold_goesIntoDebt() {
    var budget = budget(0.05, 20);
    assertThat(budget.tryPay(100)).isTrue();
    assertThat(budget.tokens()).isZero();

    budget.succeeded(80 * 20);
    assertThat(budget.tryPay(1)).as("the debt of 80 is paid back, and no more").isFalse();
    budget.succeeded(20);
    assertThat(budget.tryPay(1)).isTrue();
  }

  @Test
  void policy_outOfBounds_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new BudgetPolicy(1.1, 20, HOLD));
    assertThatIllegalArgumentException().isThrownBy(() -> new BudgetPolicy(Double.NaN, 20, HOLD));
    assertThatIllegalArgumentException().isThrownBy(() -> new BudgetPolicy(0.05, 0, HOLD));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BudgetPolicy(0.05, 20, Duration.ZERO));
  }
}
