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
    assertThat(groups.isDead(0, Set.of("red"))).isFalse();
    assertThat(groups.isOlderThanAny(0)).isFalse();
    assertThat(groups.seen()).isZero();
  }

  @Test
  void barrierOfAGroup_killsItsCopiesFromBeforeOnly() {
    groups.learn(Barriers.of("red", 10));

    assertThat(groups.isDead(9, Set.of("blue", "red"))).isTrue();
    assertThat(groups.isDead(10, Set.of("red"))).isFalse();
    assertThat(groups.isDead(9, Set.of("blue"))).isFalse();
    assertThat(groups.isDead(9)).isFalse();
    assertThat(groups.isOlderThanAny(9)).isTrue();
    assertThat(groups.isOlderThanAny(10)).isFalse();
  }

  @Test
  void barrierOfTheKeyspace_killsEveryCopyFromBefore() {
    groups.learn(Barriers.of(Barriers.ALL, 10));

    assertThat(groups.isDead(9)).isTrue();
    assertThat(groups.isDead(9, Set.of())).isTrue();
    assertThat(groups.isDead(10, Set.of("red"))).isFalse();
  }

  @Test
  void learn_anOlderBarrier_changesNothing() {
    groups.learn(Barriers.of("red", 10));
    groups.learn(Barriers.of("red", 5));

    assertThat(groups.isDead(9, Set.of("red"))).isTrue();
    assertThat(groups.seen()).isEqualTo(10);
  }

  @Test
  void learn_ofOneGroupAlone_saysNothingOfOthersUpToThere() {
    groups.learn(new Barriers(0, Map.of("red", 10L)));

    assertThat(groups.seen()).isZero();
    assertThat(groups.isDead(9, Set.of("red"))).isTrue();
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
  void pastItsCapacity_theOlderHalfBecomesTheKeyspacesBarrier() {
    for (var group = 1; group <= 5; group++) {
      groups.learn(Barriers.of("g" + group, group * 10));
    }

    assertThat(groups.barriers().byGroup()).hasSizeLessThanOrEqualTo(4);
    assertThat(groups.seen()).isEqualTo(50);
    for (var group = 1; group <= 5; group++) {
      assertThat(groups.isDead(group * 10 - 1, Set.of("g" + group))).isTrue();
    }
    assertThat(groups.isDead(29, Set.of("never expired"))).isTrue();
    assertThat(groups.isDead(30, Set.of("never expired"))).isFalse();
    assertThat(groups.isDead(49, Set.of("g4"))).isFalse();
  }
}
