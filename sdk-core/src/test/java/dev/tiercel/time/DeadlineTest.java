package dev.tiercel.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.testing.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {

  private final FakeTime time = new FakeTime();

  @Test
  void remaining_isSpentAsTimePasses() {
    var deadline = Deadline.after(Duration.ofMillis(10), time);
    time.advance(Duration.ofMillis(4));

    assertThat(deadline.remaining()).isEqualTo(Duration.ofMillis(6));
    assertThat(deadline.elapsed()).isEqualTo(Duration.ofMillis(4));
    assertThat(deadline.hasPassed()).isFalse();
  }

  @Test
  void hasPassed_atTheVeryInstant() {
    var deadline = Deadline.after(Duration.ofMillis(10), time);
    time.advance(Duration.ofMillis(10));

    assertThat(deadline.hasPassed()).isTrue();
  }

  @Test
  void within_isNeverLaterThanTheCall() {
    var deadline = Deadline.after(Duration.ofMillis(10), time);

    assertThat(deadline.within(Duration.ofMillis(3)).remaining()).isEqualTo(Duration.ofMillis(3));
    assertThat(deadline.within(Duration.ofSeconds(3))).isSameAs(deadline);
  }

  @Test
  void isAfter_comparesInstants() {
    var sooner = Deadline.after(Duration.ofMillis(10), time);
    var later = Deadline.after(Duration.ofMillis(11), time);

    assertThat(later.isAfter(sooner)).isTrue();
    assertThat(sooner.isAfter(later)).isFalse();
    assertThat(sooner.isAfter(sooner)).isFalse();
  }

  @Test
  void after_absurdTimeout_isFarAndNotPassed() {
    var deadline = Deadline.after(Duration.ofSeconds(Long.MAX_VALUE), time);

    assertThat(deadline.hasPassed()).isFalse();
    assertThat(deadline.remaining()).isGreaterThan(Duration.ofDays(36_500));
  }
}
