package dev.tiercel.region;

import static dev.tiercel.region.FakeRegion.absent;
import static dev.tiercel.region.FakeRegion.failed;
import static dev.tiercel.region.FakeRegion.found;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Tier;
import dev.tiercel.region.RegionHealth.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Copies of reads tell how a region is doing that nobody reads from. */
class RegionProbeTest {

  private final Given given = Given.two();
  private final FakeRegion a = given.a;
  private final FakeRegion b = given.b;

  @Test
  void read_otherRegionTakesAProbe_aCopyOfOneKeyIsSentAndItsAnswerThrownAway() {
    b.health.takesProbe = true;
    given.burst(1);
    assertThat(given.budget.tryPay(1)).isTrue();

    var answer = given.get("x", "y");
    a.read().answer(found(1), found(2));

    assertThat(answer).isDone();
    assertThat(b.reads).isEmpty();
    assertThat(b.looks).hasSize(1);
    assertThat(b.looks.get(0).key()).isEqualTo("x");
    assertThat(b.looks.get(0).tier()).isEqualTo(Tier.REMOTE);
    given.time.advance(Duration.ofMillis(4));
    b.looks.get(0).answer().complete(found(9));
    assertThat(b.health.ended).isEmpty();
    given.time.advance(Duration.ofMillis(20));
    assertThat(b.looks.get(1).tier()).isEqualTo(Tier.SOURCE);
    b.looks.get(1).answer().complete(found(9));

    assertThat(b.health.ended).containsExactly(Verdict.ANSWERED);
    assertThat(b.health.lastTookNanos).isEqualTo(Duration.ofMillis(4).toNanos());
    assertThat(given.told).containsExactly("x: 1", "y: 2");
    assertThat(given.heard).isEmpty();
  }

  @Test
  void probe_remoteTierHasNothing_tookWhatALoadTakes() {
    probe();
    given.time.advance(Duration.ofMillis(4));
    b.looks.get(0).answer().complete(absent());
    given.time.advance(Duration.ofMillis(20));
    b.looks.get(1).answer().complete(found(9));

    assertThat(b.health.lastTookNanos).isEqualTo(Duration.ofMillis(24).toNanos());
  }

  @Test
  void probe_remoteTierFails_theSourceDecides() {
    probe();
    b.looks.get(0).answer().complete(failed(b.unavailable()));
    b.looks.get(1).answer().complete(found(1));
    probe();
    b.looks.get(2).answer().complete(found(1));
    b.looks.get(3).answer().complete(failed(b.unavailable()));
    probe();
    b.looks.get(4).answer().completeExceptionally(new IllegalStateException("bug"));
    b.looks.get(5).answer().complete(failed(b.refusal()));
    probe();
    b.looks.get(6).answer().complete(absent());
    b.looks.get(7).answer().completeExceptionally(new IllegalStateException("bug"));

    assertThat(b.health.ended)
        .containsExactly(Verdict.ANSWERED, Verdict.FAILED, Verdict.IGNORED, Verdict.FAILED);
    assertThat(b.health.underWay()).isZero();
  }

  @Test
  void probe_regionThrows_nobodyNoticesButItsHealth() {
    b.onLook = look -> {
      throw new IllegalStateException("bug");
    };
    a.atOnce = found(1);

    probe();

    assertThat(given.told).containsExactly("x: 1");
    assertThat(b.health.ended).containsExactly(Verdict.FAILED);
  }

  @Test
  void read_probeIsStillOnItsWay_noOtherIsSent() {
    probe();
    probe();
    assertThat(b.looks).hasSize(1);
    assertThat(b.health.askedToProbe).hasValue(1);

    b.looks.get(0).answer().complete(found(1));
    b.looks.get(1).answer().complete(found(1));
    probe();

    assertThat(b.looks).hasSize(3);
  }

  @Test
  void read_regionTakesNoProbe_noneIsSent() {
    given.get("x");

    assertThat(b.looks).isEmpty();
  }

  @Test
  void read_regionIsReadFrom_isNotProbedAsWell() {
    a.health.takesProbe = true;

    given.get("x");

    assertThat(a.looks).isEmpty();
    given.get("z");
    assertThat(a.looks).hasSize(1);
  }

  private void probe() {
    b.health.takesProbe = true;
    given.get("x");
  }
}
