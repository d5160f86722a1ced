package dev.tiercel.samples.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OpenLoopTest {

  @Test
  void run_slowCalls_areStillDueWhenTheyWere() {
    var due = new ArrayList<Long>();
    new OpenLoop(1_000).run(Duration.ofMillis(10), at -> {
      due.add(at);
      OpenLoop.sleepUntil(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(5));
    });
    assertThat(due).hasSize(10);
    for (var number = 1; number < due.size(); number++) {
      assertThat(due.get(number) - due.get(number - 1)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  @Test
  void run_neverCallsBeforeTheTime() {
    var early = new ArrayList<Long>();
    new OpenLoop(10_000).run(Duration.ofMillis(20), at -> {
      if (System.nanoTime() - at < 0) {
        early.add(at);
      }
    });
    assertThat(early).isEmpty();
  }
}
