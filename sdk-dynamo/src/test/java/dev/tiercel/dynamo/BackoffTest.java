package dev.tiercel.dynamo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {

  @Test
  void delay_limitDoublesUpToTheCap() {
    var backoff = new Backoff(Duration.ofMillis(10), Duration.ofMillis(100), () -> 0.5);

    assertThat(backoff.delay(1)).isEqualTo(Duration.ofMillis(5));
    assertThat(backoff.delay(2)).isEqualTo(Duration.ofMillis(10));
    assertThat(backoff.delay(4)).isEqualTo(Duration.ofMillis(40));
    assertThat(backoff.delay(5)).isEqualTo(Duration.ofMillis(50));
    assertThat(backoff.delay(Integer.MAX_VALUE)).isEqualTo(Duration.ofMillis(50));
  }

  @Test
  void delay_isAnyTimeUpToTheLimit() {
    assertThat(new Backoff(Duration.ofMillis(10), Duration.ofSeconds(1), () -> 0).delay(3))
        .isZero();
    assertThat(new Backoff(Duration.ofMillis(10), Duration.ofSeconds(1), () -> 0.999).delay(3))
        .isBetween(Duration.ofMillis(39), Duration.ofMillis(40));
  }
}
