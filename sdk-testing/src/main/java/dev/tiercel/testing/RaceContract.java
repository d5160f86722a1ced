package dev.tiercel.testing;

import static dev.tiercel.testing.BackendTrial.assertRefused;
import static dev.tiercel.testing.BackendTrial.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Condition;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Lease;
import dev.tiercel.backend.WriteOutcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Many threads at one key: each mutation is one atomic step with one outcome. */
interface RaceContract extends BackendTrial {

  int THREADS = 8;
  int WRITES_PER_THREAD = 8;

  @Test
  default void race_ifNewer_theLargestVersionWins() {
    var base = 1L << 53;
    var versions =
        new ArrayList<>(LongStream.rangeClosed(base + 1, base + THREADS * WRITES_PER_THREAD)
            .boxed()
            .toList());
    Collections.shuffle(versions, new Random(1));
    var largest = base + versions.size();

    var outcomes = together(thread -> {
      var mine = versions.subList(thread * WRITES_PER_THREAD, (thread + 1) * WRITES_PER_THREAD);
      return mine.stream()
          .map(version -> probe().put("key", value("of " + version, version), Condition.IF_NEWER))
          .toList();
    });

    for (var thread = 0; thread < THREADS; thread++) {
      for (var i = 0; i < WRITES_PER_THREAD; i++) {
        var version = versions.get(thread * WRITES_PER_THREAD + i);
        var outcome = outcomes.get(thread).get(i);
        if (!can(Feature.IF_NEWER)) {
          assertRefused(outcome);
        } else if (version == largest) {
          assertStored(outcome, largest);
        } else {
          assertThat(isStored(outcome, version) || isRejectedForNewer(outcome, version))
              .as("outcome: %s", outcome)
              .isTrue();
        }
      }
    }
    if (can(Feature.IF_NEWER)) {
      assertHolds("key", value("of " + largest, largest));
    }
  }

  @Test
  default void race_ifAbsent_oneIsStored() {
    var outcomes = together(
        thread -> probe().put("key", value("of " + thread, thread + 1), Condition.IF_ABSENT));

    if (!can(Feature.IF_ABSENT)) {
      outcomes.forEach(BackendTrial::assertRefused);
      return;
    }
    assertThat(outcomes).filteredOn(WriteOutcome.Stored.class::isInstance).hasSize(1);
    var winner = outcomes.indexOf(outcomes.stream()
        .filter(WriteOutcome.Stored.class::isInstance)
        .findFirst()
        .orElseThrow());
    assertHolds("key", value("of " + winner, winner + 1));
    for (var thread = 0; thread < THREADS; thread++) {
      if (thread != winner) {
        assertRejected(outcomes.get(thread), winner + 1);
      }
    }
  }

  @Test
  default void race_ifVersion_oneIsStored() {
    if (can(Feature.IF_VERSION)) {
      given("key", value("old", 100));
    }
    var outcomes = together(thread ->
        probe().put("key", value("of " + thread, 101 + thread), new Condition.IfVersion(100)));

    if (!can(Feature.IF_VERSION)) {
      outcomes.forEach(BackendTrial::assertRefused);
      return;
    }
    assertThat(outcomes).filteredOn(WriteOutcome.Stored.class::isInstance).hasSize(1);
    assertThat(outcomes).filteredOn(WriteOutcome.Rejected.class::isInstance).hasSize(THREADS - 1);
  }

  @Test
  default void race_leases_oneIsGranted() {
    var leases = together(thread -> probe().lease("key", LONG));

    if (!can(Feature.LEASES)) {
      assertThat(leases).containsOnly(Lease.NONE);
      return;
    }
    assertThat(leases).filteredOn(Lease::granted).hasSize(1);
    assertThat(leases).allMatch(lease -> lease.remainingMillis() > 0);
  }

  @Test
  default void race_fillsUnderOneLease_oneIsStored() {
    var token = can(Feature.LEASES) ? probe().lease("key", LONG).token() : 1;
    var outcomes =
        together(thread -> probe().fill("key", value("of " + thread, thread + 1), token));

    if (!can(Feature.LEASES)) {
      outcomes.forEach(BackendTrial::assertRefused);
      return;
    }
    assertThat(outcomes).filteredOn(WriteOutcome.Stored.class::isInstance).hasSize(1);
    assertThat(outcomes).filteredOn(WriteOutcome.Rejected.class::isInstance).hasSize(THREADS - 1);
  }

  private boolean isStored(WriteOutcome outcome, long version) {
    return outcome.equals(new WriteOutcome.Stored(can(Feature.VERSIONS) ? version : 0));
  }

  private boolean isRejectedForNewer(WriteOutcome outcome, long version) {
    return outcome instanceof WriteOutcome.Rejected rejected
        && (!can(Feature.VERSIONS) || rejected.storedVersion() > version);
  }

  /** Runs the same on all threads at once and gathers what each came back with. */
  private static <T> List<T> together(IntFunction<T> call) {
    var threads = Executors.newFixedThreadPool(THREADS);
    try {
      var start = new CyclicBarrier(THREADS);
      var running = new ArrayList<Future<T>>();
      for (var thread = 0; thread < THREADS; thread++) {
        var number = thread;
        running.add(threads.submit(() -> {
          start.await();
          return call.apply(number);
        }));
      }
      var results = new ArrayList<T>();
      for (var one : running) {
        results.add(one.get());
      }
      return results;
    } catch (ExecutionException failure) {
      throw new AssertionError(
          "thread: failed with " + failure.getCause() + " (expected: a result)",
          failure.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("threads: interrupted while waiting for them", interrupted);
    } finally {
      threads.shutdownNow();
    }
  }
}
