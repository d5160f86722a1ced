package dev.tiercel.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.testing.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TrafficTest {

  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final FakeTime time = new FakeTime();
  private final Traffic traffic = new Traffic(5, LIMIT, time);

  @Test
  void admit_upToTheLimit_andAgainAfterAnswers() {
    assertThat(traffic.admit(3)).isTrue();
    assertThat(traffic.admit(3)).isFalse();
    assertThat(traffic.admit(2)).isTrue();
    assertThat(traffic.admit(1)).isFalse();

    traffic.answered();
    traffic.withdrawn();

    assertThat(traffic.admit(3)).isFalse();
    assertThat(traffic.admit(2)).isTrue();
    assertThat(traffic.unanswered()).isEqualTo(5);
  }

  @Test
  void silence_countsOnlyWhileSomethingIsAwaited() {
    time.advance(Duration.ofHours(1));
    assertThat(traffic.isSilent()).isFalse();

    traffic.admit(1);
    assertThat(traffic.isSilent()).isFalse();
    time.advance(LIMIT);
    assertThat(traffic.isSilent()).isFalse();
    time.advance(Duration.ofNanos(1));
    assertThat(traffic.isSilent()).isTrue();
  }

  @Test
  void silence_endsWithEachAnswer_notWithWhatIsSentOrWithdrawn() {
    traffic.admit(3);
    time.advance(LIMIT);
    traffic.answered();
    time.advance(LIMIT);
    assertThat(traffic.isSilent()).isFalse();

    traffic.admit(1);
    traffic.withdrawn();
    time.advance(Duration.ofNanos(1));
    assertThat(traffic.isSilent()).isTrue();
  }
}
