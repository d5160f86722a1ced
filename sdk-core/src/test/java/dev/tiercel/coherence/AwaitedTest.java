package dev.tiercel.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AwaitedTest {

  private final Awaited awaited = new Awaited();

  @Test
  void told_wakesEveryoneWhoWaitsForTheKey() {
    var first = awaited.await("key", awaited.note("key"));
    var second = awaited.await("key", awaited.note("key"));
    assertThat(first).isNotDone();
    awaited.told("key");

    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
    assertThat(awaited.size()).isZero();
  }

  @Test
  void told_ofAnotherKey_wakesNobody() {
    var wait = awaited.await("key", awaited.note("key"));
    awaited.told("another");

    assertThat(wait).isNotDone();
    assertThat(awaited.size()).isEqualTo(1);
  }

  @Test
  void toldBetweenTheQuestionAndTheWait_doesNotWait() {
    var noted = awaited.note("key");
    awaited.told("key");

    assertThat(awaited.await("key", noted)).isCompleted();
    assertThat(awaited.size()).isZero();
  }

  @Test
  void interruptedBetweenTheQuestionAndTheWait_doesNotWait() {
    var noted = awaited.note("key");
    awaited.endAll();

    assertThat(awaited.await("key", noted)).isCompleted();
  }

  @Test
  void endAll_wakesEveryone() {
    var first = awaited.await("a", awaited.note("a"));
    var second = awaited.await("b", awaited.note("b"));
    awaited.endAll();

    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
    assertThat(awaited.size()).isZero();
  }

  @Test
  void whoGivesUp_isForgottenAndTheOthersWaitOn() {
    var leaving = awaited.await("key", awaited.note("key"));
    var staying = awaited.await("key", awaited.note("key"));
    leaving.complete(true);
    assertThat(awaited.size()).isEqualTo(1);
    assertThat(staying).isNotDone();
    staying.cancel(false);

    assertThat(awaited.size()).isZero();
  }

  @Test
  void whoComesAfterIt_waitsForTheNextOne() {
    awaited.told("key");
    var wait = awaited.await("key", awaited.note("key"));
    assertThat(wait).isNotDone();
    awaited.told("key");

    assertThat(wait).isCompleted();
  }

  @Test
  void toldFromWithinAWakeUp_isNotLost() {
    var second = awaited.await("other", awaited.note("other"));
    var first = awaited.await("key", awaited.note("key")).thenRun(() -> awaited.told("other"));
    awaited.told("key");

    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
  }
}
