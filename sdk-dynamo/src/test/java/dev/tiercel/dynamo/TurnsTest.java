package dev.tiercel.dynamo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.error.Where;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TurnsTest {

  private final FakeTime time = new FakeTime();
  private final Deadline deadline = Deadline.after(Duration.ofSeconds(1), time);
  private final Turns turns = new Turns(1, 100_000, time);

  @Test
  void run_manyThatEndAtOnce_doNotOverflowTheStack() {
    var first = new CompletableFuture<Integer>();
    var answers = new ArrayList<CompletableFuture<Integer>>();
    answers.add(turns.run(Where.NOWHERE, deadline, () -> first));
    for (var i = 0; i < 100_000; i++) {
      answers.add(turns.run(Where.NOWHERE, deadline, () -> CompletableFuture.completedFuture(1)));
    }
    first.complete(1);

    assertThat(answers).allMatch(CompletableFuture::isDone);
  }

  @Test
  void run_callThrows_failsItAndKeepsNoPlace() {
    var broken = turns.run(Where.NOWHERE, deadline, () -> {
      throw new IllegalStateException("broken");
    });

    assertThat(broken).isCompletedExceptionally();
    assertThat(turns.run(Where.NOWHERE, deadline, () -> CompletableFuture.completedFuture(1)))
        .isCompletedWithValue(1);
  }

  @Test
  void run_cancelledWhileRunning_freesItsPlaceForTheNext() {
    var first = new CompletableFuture<Integer>();
    var running = turns.run(Where.NOWHERE, deadline, () -> first);
    var waiting = turns.run(Where.NOWHERE, deadline, () -> CompletableFuture.completedFuture(2));
    running.cancel(true);

    assertThat(first).isCancelled();
    assertThat(waiting).isCompletedWithValue(2);
  }
}
