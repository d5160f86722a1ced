package dev.tiercel.samples.benchmarks.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.samples.benchmarks.sim.ServerPool.Trigger;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ServerPoolTest {

  private static final int SEED = 7;

  private final VirtualTime time = new VirtualTime();

  @Test
  void read_queueAhead_isAnsweredAfterIt() {
    var pool = pool(1);
    var request = pool.next();
    var first = read(pool, request);
    pool.settle();
    // Second reads of a call go elsewhere, one of them to each server at last.
    var others = new ArrayList<CompletableFuture<ReadResult>>();
    for (var number = 0; number < 1_000; number++) {
      others.add(read(pool, request));
    }
    time.runUntil(first::isDone);
    assertThat(others).anyMatch(other -> !other.isDone());
    assertThat(pool.reads()).isEqualTo(1_001);
  }

  @Test
  void read_cancelled_occupiesTheServerUntilItWouldHaveBeenAnswered() {
    var pool = pool(1);
    var occupied = new ArrayList<CompletableFuture<?>>();
    var call = pool.read(pool.next(), context().occupying(occupied::add));
    call.cancel(true);
    assertThat(occupied).hasSize(1).noneMatch(CompletableFuture::isDone);
    time.runUntil(() -> false);
    assertThat(occupied).allMatch(CompletableFuture::isDone);
  }

  @Test
  void read_answered_occupiesNothing() {
    var pool = pool(1);
    var occupied = new ArrayList<CompletableFuture<?>>();
    var call = pool.read(pool.next(), context().occupying(occupied::add));
    time.runUntil(() -> false);
    assertThat(call).isCompleted();
    assertThat(occupied).isEmpty();
  }

  @Test
  void read_duringTheTrigger_takesLonger() {
    assertThat(serviceNanos(3)).isBetween(3 * serviceNanos(1) - 3, 3 * serviceNanos(1) + 3);
  }

  private long serviceNanos(double factor) {
    var own = new VirtualTime();
    var begin = own.nanos();
    var pool = new ServerPool(
        own, new SplittableRandom(SEED), new Trigger(begin, Long.MAX_VALUE, factor));
    var call = read(pool, pool.next());
    own.runUntil(call::isDone);
    return own.nanos() - begin;
  }

  private ServerPool pool(double factor) {
    return new ServerPool(
        time, new SplittableRandom(SEED), new Trigger(0, Long.MAX_VALUE, factor));
  }

  private CompletableFuture<ReadResult> read(ServerPool pool, ReadRequest request) {
    return pool.read(request, context());
  }

  private CallContext context() {
    return CallContext.of(Deadline.after(Duration.ofSeconds(1), time));
  }
}
