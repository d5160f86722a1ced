package dev.tiercel.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Barriers;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GroupsTest {

  private final Groups groups = new Groups(4);
  private int changes;

  @Test
  void nothingKnown_nothingIsDead() {
    assertThat(groups.isDead(0)).isFalse();
    assertThat(groups.barrier(Set.of("red"))).isLessThanOrEqualTo(0);
    assertThat(groups.latest()).isLessThanOrEqualTo(0);
    assertThat(groups.seen()).isZero();
  }

  @Test
  void barrierOfAGroup_killsItsCopiesFromBeforeOnly() {
    groups.learn(Barriers.of("red", 10));

    assertThat(groups.barrier(Set.of("blue", "red"))).isGreaterThan(9);
    assertThat(groups.barrier(Set.of("red"))).isLessThanOrEqualTo(10);
    assertThat(groups.barrier(Set.of("blue"))).isLessThanOrEqualTo(9);
    assertThat(groups.isDead(9)).isFalse();
    assertThat(groups.latest()).isGreaterThan(9);
    assertThat(groups.latest()).isLessThanOrEqualTo(10);
  }

  @Test
  void barrierOfTheKeyspace_killsEveryCopyFromBefore() {
    groups.learn(Barriers.of(Barriers.ALL, 10));

    assertThat(groups.isDead(9)).isTrue();
    assertThat(groups.barrier(Set.of())).isGreaterThan(9);
    assertThat(groups.barrier(Set.of("red"))).isLessThanOrEqualTo(10);
  }

  @Test
  void learn_anOlderBarrier_changesNothing() {
    groups.learn(Barriers.of("red", 10));
    groups.learn(Barriers.of("red", 5));

    assertThat(groups.barrier(Set.of("red"))).isGreaterThan(9);
    assertThat(groups.seen()).isEqualTo(10);
  }

  @Test
  void learn_ofOneGroupAlone_saysNothingOfOthersUpToThere() {
    groups.learn(new Barriers(0, Map.of("red", 10L)));

    assertThat(groups.seen()).isZero();
    assertThat(groups.barrier(Set.of("red"))).isGreaterThan(9);
  }

  @Test
  void summary_isTheKeyspacesBarrierAndUpToWhereAllIsKnown() {
    groups.learn(new Barriers(20, Map.of("red", 10L, Barriers.ALL, 5L)));

    assertThat(groups.summary()).isEqualTo(new Barriers(20, Map.of(Barriers.ALL, 5L)));
    assertThat(groups.barriers().of("red")).isEqualTo(10);
  }

  @Test
  void onChange_isToldOfBarriersAndNotOfTheirAbsence() {
    groups.onChange(() -> changes++);
    groups.learn(Barriers.NONE);
    groups.learn(new Barriers(7, Map.of()));
    assertThat(changes).isZero();
    assertThat(groups.seen()).isEqualTo(7);

    groups.learn(Barriers.of("red", 10));
    assertThat(changes).isEqualTo(1);
  }

  @Test
  void onChange_isNotToldOfWhatIsKnownAlready() {
    groups.onChange(() -> changes++);
    groups.learn(Barriers.of("red", 10));
    groups.learn(Barriers.of("red", 10));
    groups.learn(Barriers.of("red", 5));
    groups.learn(new Barriers(20, Map.of("red", 10L)));
    assertThat(changes).isEqualTo(1);
    assertThat(groups.seen()).isEqualTo(20);

    groups.learn(new Barriers(30, Map.of("red", 10L, "blue", 30L)));
    assertThat(changes).isEqualTo(2);
  }

  @Test
  void pastItsCapacity_theOlderHalfBecomesTheKeyspacesBarrier() {
    for (var group = 1; group <= 5; group++) {
      groups.learn(Barriers.of("g" + group, group * 10L));
    }

    assertThat(groups.barriers().byGroup()).hasSizeLessThanOrEqualTo(4);
    assertThat(groups.seen()).isEqualTo(50);
    for (var group = 1; group <= 5; group++) {
      assertThat(groups.barrier(Set.of("g" + group))).isGreaterThanOrEqualTo(group * 10L);
    }
    assertThat(groups.barrier(Set.of("never expired"))).isGreaterThan(29);
    assertThat(groups.barrier(Set.of("never expired"))).isLessThanOrEqualTo(30);
    assertThat(groups.barrier(Set.of("g4"))).isLessThanOrEqualTo(49);
  }
}
