package dev.tiercel.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.testing.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HybridClockTest {

  private final FakeTime time = new FakeTime();
  private final HybridClock clock = new HybridClock(time);

  @Test
  void next_followsTheWallClock() {
    time.advance(Duration.ofSeconds(7));

    assertThat(Version.millis(clock.next())).isEqualTo(time.millis());
  }

  @Test
  void next_inOneMillisecond_neverRepeats() {
    var first = clock.next();

    assertThat(clock.next()).isGreaterThan(first);
  }

  @Test
  void next_wallClockJumpsBack_goesOn() {
    var before = clock.next();
    time.jumpWallClock(Duration.ofMinutes(-5));

    assertThat(clock.next()).isGreaterThan(before);
  }

  @Test
  void nextAfter_versionFromAFasterClock_isLarger() {
    var ahead = Version.of(time.millis() + 300_000, 7);

    assertThat(clock.nextAfter(ahead)).isEqualTo(ahead + 1);
    assertThat(clock.next()).isGreaterThan(ahead + 1);
  }

  @Test
  void nextAfter_counterFull_carriesIntoTheMilliseconds() {
    var full = Version.of(time.millis() + 1, 0xFFFF);

    assertThat(clock.nextAfter(full)).isEqualTo(Version.of(time.millis() + 2, 0));
  }

  @Test
  void nextAfter_versionAbsurdlyFarAhead_isOutrunWithoutCarryingTheClockAlong() {
    var absurd = Version.MAX - 1;

    assertThat(clock.nextAfter(absurd)).isEqualTo(Version.MAX);
    assertThat(clock.next()).isEqualTo(Version.of(time.millis(), 0));
    assertThat(clock.next()).isEqualTo(Version.of(time.millis(), 1));
  }

  @Test
  void nextAfter_noVersionIsLarger_isRefused() {
    assertThatThrownBy(() -> clock.nextAfter(Version.MAX))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("version: 9223372036854775807 (expected: 0 to 2^63 - 2)");
    assertThatThrownBy(() -> clock.nextAfter(-1)).isInstanceOf(IllegalArgumentException.class);
  }
}
