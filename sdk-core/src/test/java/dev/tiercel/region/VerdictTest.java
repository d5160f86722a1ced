package dev.tiercel.region;

import static dev.tiercel.region.FakeRegion.failed;
import static dev.tiercel.region.FakeRegion.found;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.error.CodecFailure;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.Throttled;
import dev.tiercel.error.Where;
import dev.tiercel.region.RegionHealth.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a region's health hears of the reads sent to it. */
class VerdictTest {

  private final Given given = Given.two();
  private final FakeRegion a = given.a;

  @Test
  void read_halfOfItsKeysFail_itHasFailed() {
    given.get("x", "y");
    a.read().answer(found(1), failed(a.unavailable()));

    assertThat(a.health.ended).containsExactly(Verdict.FAILED);
  }

  @Test
  void read_lessThanHalfOfItsKeysFail_itWasAnswered() {
    given.get("x", "y", "w");
    a.read().answer(found(1), failed(a.unavailable()), found(3));

    assertThat(a.health.ended).containsExactly(Verdict.ANSWERED);
  }

  @Test
  void read_refusedUnsentOrPushedBack_saysNothing() {
    given.get("x");
    a.read().fails(a.refusal());
    given.get("x");
    a.read().fails(new Overloaded("full", Where.at("fake", "a"), null));
    given.get("x");
    a.read().fails(new Throttled("slow down", Where.at("fake", "a"), null));

    assertThat(a.health.ended).containsExactly(Verdict.IGNORED, Verdict.IGNORED, Verdict.IGNORED);
  }

  @Test
  void read_unreadableBytes_areAnAnswer() {
    given.get("x");
    a.read().fails(new CodecFailure("bytes", Where.at("fake", "a"), null));

    assertThat(a.health.ended).containsExactly(Verdict.ANSWERED);
  }

  @Test
  void read_everyOne_beginsAndEndsOnceWithItsTime() {
    var answer = given.get("x", "y");
    assertThat(a.health.began).hasValue(1);
    a.read().tell(0, found(1));
    given.time.advance(Duration.ofMillis(3));
    assertThat(a.health.ended).isEmpty();
    a.read().tell(1, found(1));
    a.read().end(found(1), found(1));

    assertThat(answer).isDone();
    assertThat(a.health.ended).containsExactly(Verdict.ANSWERED);
    assertThat(a.health.lastTookNanos).isEqualTo(Duration.ofMillis(3).toNanos());
  }

  @Test
  void read_regionGivesUpByItself_saysNothingAndTheKeysGoOn() {
    var answer = given.get("x");
    a.read().answer().cancel(true);
    given.b.read().found(2);

    assertThat(Given.version(answer)).isEqualTo(2);
    assertThat(a.health.ended).containsExactly(Verdict.IGNORED);
  }
}
