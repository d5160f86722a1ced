package dev.tiercel.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TimersTest {

  private static final long MILLI = 1_000_000;

  private final AtomicInteger woken = new AtomicInteger();
  private final Timers timers = new Timers(4, woken::incrementAndGet);
  private final List<String> ran = new ArrayList<>();

  @Test
  void set_whileNoneIsSet_wakes() {
    assertThat(timers.sleep()).isEqualTo(TimerWheel.NEVER);
    timers.set(MILLI, () -> {});

    assertThat(woken).hasValue(1);
    assertThat(timers.sleep()).isLessThanOrEqualTo(MILLI);
  }

  @Test
  void set_dueBeforeTheSleeperLooks_wakesAndALaterOneDoesNot() {
    timers.set(5 * MILLI, () -> {});
    timers.runDue(0);
    assertThat(timers.sleep()).isPositive();
    woken.set(0);

    timers.set(6 * MILLI, () -> {});
    assertThat(woken).hasValue(0);
    timers.set(MILLI, () -> {});
    assertThat(woken).hasValue(1);
    timers.set(2 * MILLI, () -> {});
    assertThat(woken).hasValue(1);
  }

  @Test
  void set_whileTheSleeperIsAwake_doesNotWakeAndIsSeenBeforeItSleeps() {
    timers.runDue(0);
    timers.set(MILLI, () -> {});

    assertThat(woken).hasValue(0);
    assertThat(timers.sleep()).isPositive().isLessThanOrEqualTo(MILLI);
  }

  @Test
  void set_millionsThatAreCancelled_wakeOnceForEachDelay() {
    var delay = MILLI / 2;
    for (var now = 0L; now < 1_000 * MILLI; now += 1_000) {
      timers.set(now + delay, () -> {}).cancel();
      if (now % delay == 0) {
        timers.runDue(now);
        timers.sleep();
      }
    }

    assertThat(woken).hasValueLessThanOrEqualTo(2_001);
    assertThat(timers.sleep()).isEqualTo(TimerWheel.NEVER);
  }

  @Test
  void cancel_wakesNobodyAndForgetsTheTask() {
    var timer = timers.set(MILLI, () -> ran.add("cancelled"));
    timers.sleep();
    woken.set(0);
    timer.cancel();

    assertThat(woken).hasValue(0);
    assertThat(timers.sleep()).isEqualTo(TimerWheel.NEVER);
    timers.runDue(2 * MILLI);
    assertThat(ran).isEmpty();
  }

  @Test
  void runDue_runsInTheOrderOfTheTimesWhoeverSetThem() throws Exception {
    for (var at : List.of(5, 3, 9, 1, 7, 2, 8)) {
      // Threads are spread over wheels.
      var setter = new Thread(() -> timers.set(at * 1_000L, () -> ran.add("at " + at)));
      setter.start();
      setter.join();
    }
    timers.set(5_000, () -> ran.add("first of the same"));
    timers.set(5_000, () -> ran.add("second of the same"));

    timers.runDue(7_999);

    assertThat(ran.stream().filter(name -> name.startsWith("at ")))
        .containsExactly("at 1", "at 2", "at 3", "at 5", "at 7");
    assertThat(ran).containsSubsequence("first of the same", "second of the same", "at 7");
  }

  @Test
  void runDue_taskCancelsAnotherThatIsDue_theOtherDoesNotRun() {
    var other = new AtomicReference<Time.Timer>(() -> {});
    timers.set(1, () -> other.get().cancel());
    other.set(timers.set(2, () -> ran.add("cancelled")));

    timers.runDue(10);

    assertThat(ran).isEmpty();
  }

  @Test
  void runDue_taskSetsOneThatIsDueAtOnce_runsAtTheNextLook() {
    timers.set(1, () -> timers.set(1, () -> ran.add("set by a task")));

    timers.runDue(10);
    assertThat(ran).isEmpty();
    assertThat(timers.sleep()).isLessThanOrEqualTo(10);
    timers.runDue(10);
    assertThat(ran).containsExactly("set by a task");
  }

  @Test
  void runDue_taskFailsOrInterruptsItsThread_theNextRunsUnharmed() {
    timers.set(1, () -> {
      throw new AssertionError("lost");
    });
    timers.set(2, () -> Thread.currentThread().interrupt());
    timers.set(3, () -> ran.add("interrupted: " + Thread.currentThread().isInterrupted()));

    timers.runDue(10);

    assertThat(ran).containsExactly("interrupted: false");
  }

  @Test
  void close_byATask_theRestIsDropped() {
    timers.set(1, timers::close);
    timers.set(2, () -> ran.add("due after the close"));
    timers.runDue(10);
    woken.set(0);
    timers.set(3, () -> ran.add("set after the close")).cancel();
    timers.runDue(20);

    assertThat(ran).isEmpty();
    assertThat(woken).hasValue(0);
    assertThat(timers.sleep()).isEqualTo(TimerWheel.NEVER);
  }
}
