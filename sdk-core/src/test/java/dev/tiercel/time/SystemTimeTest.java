package dev.tiercel.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SystemTimeTest {

  @Test
  void schedule_runsTheTaskOnTheTimerThread() throws Exception {
    try (var time = new SystemTime("timer-under-test")) {
      var ran = new CompletableFuture<String>();
      time.schedule(
          Duration.ofMillis(1), () -> ran.complete(Thread.currentThread().getName()));

      assertThat(ran.get(10, TimeUnit.SECONDS)).isEqualTo("timer-under-test");
    }
  }

  @Test
  void cancel_beforeItsTime_theTaskDoesNotRun() throws Exception {
    try (var time = new SystemTime("timer-under-test")) {
      var cancelled = new CompletableFuture<String>();
      var later = new CompletableFuture<String>();
      time.schedule(Duration.ofMillis(20), () -> cancelled.complete("ran")).cancel();
      time.schedule(Duration.ofMillis(40), () -> later.complete("ran"));

      later.get(10, TimeUnit.SECONDS);
      assertThat(cancelled).isNotDone();
    }
  }

  @Test
  void close_endsTheThreadAndIgnoresWhatComesLater() throws Exception {
    var time = new SystemTime("timer-under-test");
    var thread = new CompletableFuture<Thread>();
    time.schedule(Duration.ZERO, () -> thread.complete(Thread.currentThread()));
    var timer = thread.get(10, TimeUnit.SECONDS);

    time.close();
    timer.join(10_000);

    assertThat(timer.isAlive()).isFalse();
    time.schedule(Duration.ZERO, () -> thread.obtrudeValue(null)).cancel();
    assertThat(thread.get()).isSameAs(timer);
  }
}
