package dev.tiercel.samples.benchmarks.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {

  private final VirtualTime time = new VirtualTime();
  private final long begin = time.nanos();
  private final List<String> happened = new ArrayList<>();

  @Test
  void runUntil_tasksOutOfOrder_runsThemWhenTheyAreDue() {
    time.schedule(Duration.ofMillis(2), note("second"));
    time.schedule(Duration.ofMillis(1), note("first"));
    time.runUntil(() -> false);
    assertThat(happened).containsExactly("first at 1000000", "second at 2000000");
  }

  @Test
  void runUntil_sameInstant_runsInTheOrderOfScheduling() {
    time.in(5, note("first"));
    time.in(5, note("second"));
    time.in(5, note("third"));
    time.runUntil(() -> false);
    assertThat(happened).containsExactly("first at 5", "second at 5", "third at 5");
  }

  @Test
  void runUntil_cancelled_doesNotRun() {
    var timer = time.in(5, note("cancelled"));
    time.in(6, note("other"));
    timer.cancel();
    time.runUntil(() -> false);
    assertThat(happened).containsExactly("other at 6");
  }

  @Test
  void runUntil_conditionComesAbout_leavesTheRest() {
    time.in(5, note("first"));
    time.in(6, note("second"));
    time.runUntil(() -> !happened.isEmpty());
    assertThat(happened).containsExactly("first at 5");
  }

  private Runnable note(String what) {
    return () -> happened.add(what + " at " + (time.nanos() - begin));
  }
}
