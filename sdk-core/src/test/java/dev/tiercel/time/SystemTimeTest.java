package dev.tiercel.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
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

  @Test
  void close_whileATaskWaits_interruptsItAndEndsTheThread() throws Exception {
    var time = new SystemTime("timer-under-test");
    var thread = new CompletableFuture<Thread>();
    var interrupted = new CompletableFuture<Boolean>();
    time.schedule(Duration.ZERO, () -> {
      thread.complete(Thread.currentThread());
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException expected) {
        interrupted.complete(true);
      }
    });
    var timer = thread.get(10, TimeUnit.SECONDS);

    time.close();

    assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
    timer.join(10_000);
    assertThat(timer.isAlive()).isFalse();
  }

  @Test
  void close_byATask_endsTheThread() throws Exception {
    var time = new SystemTime("timer-under-test");
    var thread = new CompletableFuture<Thread>();
    time.schedule(Duration.ZERO, () -> {
      time.close();
      thread.complete(Thread.currentThread());
    });
    var timer = thread.get(10, TimeUnit.SECONDS);

    timer.join(10_000);
    assertThat(timer.isAlive()).isFalse();
  }

  @Test
  void schedule_taskFails_theThreadGoesOn() throws Exception {
    try (var time = new SystemTime("timer-under-test")) {
      var ran = new CompletableFuture<Boolean>();
      time.schedule(Duration.ZERO, () -> {
        throw new IllegalStateException("lost");
      });
      time.schedule(Duration.ofMillis(1), () -> ran.complete(true));

      assertThat(ran.get(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void schedule_longestDelay_waitsAndDoesNotKeepOthersFromRunning() throws Exception {
    try (var time = new SystemTime("timer-under-test")) {
      var never = new CompletableFuture<Boolean>();
      var ran = new CompletableFuture<Boolean>();
      time.schedule(Duration.ofSeconds(Long.MAX_VALUE), () -> never.complete(true));
      time.schedule(Duration.ofMillis(1), () -> ran.complete(true));

      assertThat(ran.get(10, TimeUnit.SECONDS)).isTrue();
      assertThat(never).isNotDone();
    }
  }

  @Test
  void schedule_manyThreadsSetAndCancel_eachThatIsKeptRunsOnceAndNoneEarly() throws Exception {
    var seed = new Random().nextLong();
    System.out.println("schedule_manyThreadsSetAndCancel seed: " + seed);
    var storm = new Storm();
    try (var time = new SystemTime("timer-under-test")) {
      var setters = new ArrayList<Thread>();
      for (var thread = 0; thread < Storm.THREADS; thread++) {
        var first = thread * Storm.TIMERS;
        var random = new Random(seed + thread);
        setters.add(new Thread(() -> storm.set(time, first, random)));
      }
      setters.forEach(Thread::start);
      for (var setter : setters) {
        setter.join();
      }

      assertThat(storm.kept.await(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(storm.wrong).hasValue(0);
    assertThat(storm.earliestNanos.get()).isNotNegative();
  }

  /** Timers of each length up to some milliseconds, one in four of which is kept. */
  private static final class Storm {

    static final int THREADS = 4;
    static final int TIMERS = 20_000;
    private static final int KEPT = 4;

    final CountDownLatch kept = new CountDownLatch(THREADS * TIMERS / KEPT);
    final AtomicInteger wrong = new AtomicInteger();
    final AtomicLong earliestNanos = new AtomicLong(Long.MAX_VALUE);
    private final AtomicIntegerArray runs = new AtomicIntegerArray(THREADS * TIMERS);

    void set(SystemTime time, int first, Random random) {
      for (var number = first; number < first + TIMERS; number++) {
        var delay = random.nextInt(1 << (8 + random.nextInt(16)));
        if (number % KEPT == 0) {
          keep(time, number, delay);
        } else {
          // Long enough not to have begun.
          time.schedule(Duration.ofHours(1).plusNanos(delay), wrong::incrementAndGet)
              .cancel();
        }
      }
    }

    private void keep(SystemTime time, int number, int delay) {
      var dueNanos = time.nanos() + delay;
      time.schedule(Duration.ofNanos(delay), () -> {
        earliestNanos.accumulateAndGet(time.nanos() - dueNanos, Math::min);
        if (runs.incrementAndGet(number) > 1) {
          wrong.incrementAndGet();
        }
        kept.countDown();
      });
    }
  }
}
