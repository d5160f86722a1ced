package dev.tiercel.testing.region;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.testing.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SquareWaveTest {

  private static final Duration DOWN = Duration.ofSeconds(4);
  private static final Duration UP = Duration.ofSeconds(2);

  private final FakeTime time = new FakeTime();
  private int falls;
  private boolean isDown;
  private final SquareWave wave = new SquareWave(time, DOWN, UP, this::breakIt);

  private Runnable breakIt() {
    falls++;
    isDown = true;
    return () -> isDown = false;
  }

  @Test
  void fall_timePasses_downAndUpInTurn() {
    wave.fall();
    assertThat(isDown).isTrue();
    time.advance(DOWN);
    assertThat(isDown).isFalse();
    time.advance(UP);
    assertThat(isDown).isTrue();
    assertThat(falls).isEqualTo(2);
  }

  @Test
  void stop_whileDown_healsForGood() {
    wave.fall();
    wave.stop();

    assertThat(isDown).isFalse();
    assertThat(time.pendingTimers()).isZero();
    wave.fall();
    assertThat(falls).isEqualTo(1);
  }
}
