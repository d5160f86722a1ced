package dev.tiercel.region;

import static dev.tiercel.region.FakeRegion.found;
import static dev.tiercel.region.Given.consistent;
import static dev.tiercel.region.Given.failure;
import static dev.tiercel.region.Given.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.error.Unavailable;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Which regions a read may go to at all. */
class RoutingTest {

  private final Given given = Given.two();
  private final FakeRegion a = given.a;
  private final FakeRegion b = given.b;

  @Test
  void consistentRead_oneRegionTakesAllWrites_goesThereAndNowhereElse() {
    given.writes(WritePolicy.home("b"));

    var answer = given.get(consistent("x"));
    assertThat(a.reads).isEmpty();
    b.read().fails(b.unavailable());

    assertThat(failure(answer)).isInstanceOf(Unavailable.class);
    assertThat(a.reads).isEmpty();
  }

  @Test
  void consistentRead_anyRegionTakesWrites_beginsWhereTheyDoAndGoesOn() {
    given.follow(b);

    var answer = given.get(consistent("x"));
    assertThat(a.reads).isEmpty();
    b.read().fails(b.unavailable());
    a.read().found(1);

    assertThat(version(answer)).isEqualTo(1);
  }

  @Test
  void consistentRead_slow_isNeverHedged() {
    given.warm();
    for (var count = 0; count < 120; count++) {
      var answer = given.get(consistent("x"));
      given.time.advance(Duration.ofMillis(2));
      a.read().found(1);
      answer.join();
    }

    given.get(consistent("x"));
    given.time.advance(Duration.ofMillis(90));

    assertThat(b.reads).isEmpty();
    assertThat(given.time.pendingTimers()).isZero();
  }

  @Test
  void consistentRead_ownRegionAloneTakesWrites_goesThere() {
    given.writes(WritePolicy.pinned()).follow(b);

    var answer = given.get(consistent("x"));
    a.read().fails(a.unavailable());

    assertThat(failure(answer)).isInstanceOf(Unavailable.class);
    assertThat(b.reads).isEmpty();
  }

  @Test
  void read_mayNotLeaveItsRegion_failsWithIt() {
    for (var loss : new RegionLoss[] {RegionLoss.FAIL, RegionLoss.STALE_LOCAL}) {
      given.loss(loss).warm().follow(b);

      var answer = given.get("x", "z");
      given.time.advance(Duration.ofMillis(50));
      a.read().fails(a.unavailable());

      assertThat(failure(answer)).isInstanceOf(Unavailable.class);
      given.follow(a);
    }
    assertThat(b.reads).isEmpty();
  }

  @Test
  void read_mayNotLeaveItsRegionButThatIsDrained_theNextTakesItsPlace() {
    given.loss(RegionLoss.FAIL);
    a.health.drain();

    var answer = given.get("x");
    b.read().found(3);

    assertThat(version(answer)).isEqualTo(3);
    assertThat(a.reads).isEmpty();
    b.health.drain();
    given.get("x");
    assertThat(a.reads).hasSize(1);
  }

  @Test
  void routing_homeIsNoRegion_isRefused() {
    assertThatThrownBy(() -> given.writes(WritePolicy.home("nowhere")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("home: nowhere (expected: one of [a, b])");
  }

  @Test
  void writing_isWhereWhatIsWrittenCanBeRead() {
    given.follow(b);

    assertThat(given.routing().writing(0).name()).isEqualTo("b");
    assertThat(given.writes(WritePolicy.home("a")).routing().writing(0).name()).isEqualTo("a");
    assertThat(given.writes(WritePolicy.pinned()).routing().writing(0).name()).isEqualTo("a");
  }

  @Test
  void of_sameOrder_isTheSameWay() {
    var routing = given.routing();

    assertThat(routing.of("x", 0)).isSameAs(routing.of("y", 0));
    assertThat(routing.of("z", 0).first().name()).isEqualTo("b");
    a.atOnce = found(1);
  }
}
