package dev.tiercel.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.testing.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DistrustTest {

  private final FakeTime time = new FakeTime();
  private final Distrust distrust = new Distrust(time, 2, Duration.ofMinutes(10));

  @Test
  void add_theKeyIsDoubtedUntilItsCopyCannotLiveAnyMore() {
    distrust.add("a", 5);

    assertThat(distrust.contains("a")).isTrue();
    assertThat(distrust.contains("b")).isFalse();
    time.advance(Duration.ofMinutes(10));
    assertThat(distrust.contains("a")).isFalse();
  }

  @Test
  void clearUpTo_aNewerVersionIsStored_isTrustedAgain() {
    distrust.add("a", 5);
    distrust.clearUpTo("a", 5, distrust.stamp());

    assertThat(distrust.contains("a")).isFalse();
  }

  @Test
  void clearUpTo_onlyAnOlderVersionIsStored_staysDoubted() {
    distrust.add("a", 5);
    distrust.clearUpTo("a", 4, distrust.stamp());

    assertThat(distrust.contains("a")).isTrue();
  }

  @Test
  void clearUpTo_somethingUnorderedWasRaisedSince_staysDoubted() {
    var stamp = distrust.stamp();
    distrust.addUnordered("a", Duration.ZERO);
    distrust.add("a", 5);
    distrust.clearUpTo("a", 5, stamp);
    assertThat(distrust.contains("a")).isTrue();

    distrust.clearUpTo("a", 5, distrust.stamp());
    assertThat(distrust.contains("a")).isFalse();
  }

  @Test
  void mark_isTheLargest_forWhatIsLeftOfTheLongest() {
    distrust.addMark("a", 7, Duration.ofSeconds(2));
    distrust.addMark("a", 5, Duration.ofSeconds(10));
    distrust.add("a", 9);
    time.advance(Duration.ofSeconds(4));

    assertThat(distrust.below("a")).isEqualTo(9);
    assertThat(distrust.mark("a")).isEqualTo(7);
    assertThat(distrust.markRetention("a")).isEqualTo(Duration.ofSeconds(6));
    time.advance(Duration.ofSeconds(6));
    assertThat(distrust.contains("a")).isTrue();
    assertThat(distrust.mark("a")).isZero();
    assertThat(distrust.mark("b")).isZero();
  }

  @Test
  void holdOff_isWhatIsLeftOfTheLongest() {
    distrust.addUnordered("a", Duration.ofSeconds(10));
    distrust.addUnordered("a", Duration.ZERO);
    time.advance(Duration.ofSeconds(4));

    assertThat(distrust.holdOff("a")).isEqualTo(Duration.ofSeconds(6));
    assertThat(distrust.holdOff("b")).isZero();
    time.advance(Duration.ofSeconds(7));
    assertThat(distrust.holdOff("a")).isZero();
  }

  @Test
  void clearRaisedBefore_doubtRaisedWhileTheForgetWasOnItsWay_stays() {
    var stamp = distrust.stamp();
    distrust.add("a", 5);
    distrust.clearRaisedBefore("a", stamp);
    assertThat(distrust.contains("a")).isTrue();

    distrust.clearRaisedBefore("a", distrust.stamp());
    assertThat(distrust.contains("a")).isFalse();
  }

  @Test
  void pastItsCapacity_everyCopyMadeUntilThenIsDoubted() {
    distrust.add("a", 1);
    distrust.add("b", 1);
    assertThat(distrust.coversCopyOf(time.millis())).isFalse();

    distrust.add("c", 1);

    assertThat(distrust.coversCopyOf(time.millis())).isTrue();
    assertThat(distrust.coversCopyOf(time.millis() + 1)).isFalse();
    time.advance(Duration.ofMinutes(10));
    assertThat(distrust.coversCopyOf(time.millis() - 600_000)).isFalse();
  }

  @Test
  void doubtsThatAreOver_makeRoom() {
    distrust.add("a", 1);
    distrust.add("b", 1);
    time.advance(Duration.ofMinutes(10));
    distrust.add("c", 1);

    assertThat(distrust.contains("c")).isTrue();
    assertThat(distrust.coversCopyOf(0)).isFalse();
  }

  @Test
  void pastItsCapacity_looksForWhatIsOverAtMostOnceASecond() {
    distrust.add("a", 1);
    distrust.add("b", 1);
    time.advance(Duration.ofMinutes(10).minusMillis(500));
    distrust.add("looked, and nothing was over", 1);
    time.advance(Duration.ofMillis(999));
    distrust.add("not looked", 1);
    assertThat(distrust.contains("not looked")).isFalse();
    assertThat(distrust.coversCopyOf(time.millis())).isTrue();

    time.advance(Duration.ofMillis(1));
    distrust.add("looked again", 1);
    assertThat(distrust.contains("looked again")).isTrue();
  }
}
