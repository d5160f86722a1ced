package dev.tiercel.hedge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.testing.FakeTime;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;

class FloorsTest {

  private static final Duration AGE = Duration.ofMillis(100);

  private final FakeTime time = new FakeTime();
  private final Floors floors = new Floors(AGE.toNanos(), 3, time);

  @Test
  void admit_atOrAboveTheFloor_isAdmitted() {
    floors.note("k", "a", 5);
    floors.note("k", "a", 4);

    assertThat(admits("a", 4)).isFalse();
    assertThat(admits("a", 5)).isTrue();
    assertThat(admits("b", 1)).isTrue();
    assertThat(floors.admit("other", "a", 1, time.nanos())).isTrue();
  }

  @Test
  void admit_noVersionIsKnown_nothingIsAdmitted() {
    floors.note("k", "a", 0);
    floors.note("k", "a", 5);

    assertThat(admits("a", Long.MAX_VALUE - 1)).isFalse();
  }

  @Test
  void note_heldForItsAgeAndDroppedAfterTwice() {
    floors.note("k", "a", 5);
    for (var millis = 0; millis < 100; millis++) {
      assertThat(admits("a", 4)).isFalse();
      time.advance(Duration.ofMillis(1));
    }
    assertThat(admits("a", 4)).isFalse();
    time.advance(AGE);

    assertThat(admits("a", 4)).isTrue();
  }

  @Test
  void cover_sinceBeforeWhatIsHeld_isRefused() {
    assertThat(floors.cover(time.nanos() - Duration.ofDays(1).toNanos())).isTrue();
    time.advance(AGE);
    floors.note("k", "a", 5);
    var before = time.nanos() - AGE.toNanos() - 1;
    time.advance(AGE);

    assertThat(floors.cover(before)).isFalse();
    assertThat(floors.cover(time.nanos() - AGE.toNanos())).isTrue();
  }

  @Test
  void cover_afterALongPause_isTheLastAge() {
    time.advance(Duration.ofDays(1));

    assertThat(floors.cover(time.nanos() - AGE.toNanos())).isTrue();
    assertThat(floors.cover(time.nanos() - AGE.toNanos() - 1)).isFalse();
  }

  @Test
  void note_moreKeysThanItHolds_nothingIsCoveredUntilThatIsOld() {
    for (var key = 0; key < 4; key++) {
      assertThat(floors.cover(time.nanos())).isTrue();
      floors.note("k", "key-" + key, 5);
    }
    assertThat(floors.cover(time.nanos())).isFalse();
    assertThat(admits("key-0", 9)).isFalse();

    time.advance(AGE);
    assertThat(floors.cover(time.nanos())).isFalse();
    time.advance(AGE);
    assertThat(floors.cover(time.nanos())).isTrue();
  }

  @Test
  void note_knownKeyWhenFull_isStillHeld() {
    for (var key = 0; key < 3; key++) {
      floors.note("k", "key-" + key, 5);
    }
    floors.note("k", "key-0", 6);

    assertThat(admits("key-0", 5)).isFalse();
    assertThat(admits("key-0", 6)).isTrue();
  }

  @Test
  void note_heldUpBetweenReadingTheClockAndWriting_isHeldAllTheSame() {
    // The first reading of a note is of just before the generation is old; then its thread is held
    // up for nearly two ages.
    var jumps = new ArrayDeque<Duration>();
    var jumping = new Time() {
      @Override
      public long nanos() {
        var now = time.nanos();
        if (!jumps.isEmpty()) {
          time.advance(jumps.remove());
        }
        return now;
      }

      @Override
      public long millis() {
        return time.millis();
      }

      @Override
      public Timer schedule(Duration delay, Runnable task) {
        return time.schedule(delay, task);
      }
    };
    var held = new Floors(AGE.toNanos(), 3, jumping);
    time.advance(AGE.minusNanos(1));
    jumps.add(AGE.plusNanos(1));

    held.note("k", "a", 7);

    assertThat(held.admit("k", "a", 6, time.nanos() - AGE.toNanos())).isFalse();
  }

  @Test
  void noteAll_coversNothingUntilItIsOld() {
    floors.noteAll();
    assertThat(floors.cover(time.nanos())).isFalse();
    time.advance(AGE.multipliedBy(2));

    assertThat(floors.cover(time.nanos())).isTrue();
  }

  private boolean admits(String key, long version) {
    return floors.admit("k", key, version, time.nanos());
  }
}
