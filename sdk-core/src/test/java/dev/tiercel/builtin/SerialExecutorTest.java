package dev.tiercel.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {

  private final SerialExecutor executor = new SerialExecutor();
  private final List<String> ran = new ArrayList<>();

  @Test
  void execute_idle_runsOnThisThreadBeforeItReturns() {
    executor.execute(() -> ran.add(Thread.currentThread().getName()));

    assertThat(ran).containsExactly(Thread.currentThread().getName());
  }

  @Test
  void execute_byATask_runsAfterIt() {
    executor.execute(() -> {
      executor.execute(() -> ran.add("inner"));
      ran.add("outer");
    });

    assertThat(ran).containsExactly("outer", "inner");
  }

  @Test
  void execute_taskThrows_theNextOnesRun() {
    executor.execute(() -> {
      executor.execute(() -> ran.add("next"));
      throw new IllegalStateException("thrown by the test");
    });
    executor.execute(() -> ran.add("last"));

    assertThat(ran).containsExactly("next", "last");
  }

  @Test
  void execute_whileAnotherThreadRuns_returnsAtOnceAndLeavesItToThat() throws Exception {
    var threads = Executors.newSingleThreadExecutor();
    try {
      var running = new CountDownLatch(1);
      var goOn = new CountDownLatch(1);
      var other = threads.submit(() -> executor.execute(() -> {
        running.countDown();
        await(goOn);
        ran.add("first");
      }));
      assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();

      executor.execute(() -> ran.add("second"));
      goOn.countDown();
      other.get(10, TimeUnit.SECONDS);

      assertThat(ran).containsExactly("first", "second");
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void execute_byManyThreads_neverTwoAtOnceAndNoneIsLost() throws Exception {
    var threads = Executors.newFixedThreadPool(4);
    try {
      var inside = new AtomicInteger();
      var together = new AtomicInteger();
      var done = new CountDownLatch(4 * 1_000);
      for (var thread = 0; thread < 4; thread++) {
        threads.execute(() -> {
          for (var i = 0; i < 1_000; i++) {
            executor.execute(() -> {
              together.accumulateAndGet(inside.incrementAndGet(), Math::max);
              inside.decrementAndGet();
              done.countDown();
            });
          }
        });
      }

      assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(together).hasValue(1);
    } finally {
      threads.shutdownNow();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new AssertionError("latch: interrupted while waiting", interrupted);
    }
  }
}
