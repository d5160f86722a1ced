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
    var order = new ArrayList<Integer>();
    for (var number = 0; number < 1_000; number++) {
      var mine = number;
      var request = pool.next();
      if (request.keys().get(0).equals("7")) {
        read(pool, request).thenRun(() -> order.add(mine));
      }
    }
    time.runUntil(() -> false);
    assertThat(order).hasSizeGreaterThan(20).isSorted();
  }

  @Test
  void read_secondOfACall_doesNotQueueWhereTheFirstDoes() {
    var pool = pool(1);
    var firsts = new ArrayList<CompletableFuture<ReadResult>>();
    var request = pool.next();
    while (firsts.size() < 50) {
      if (pool.next().equals(request)) {
        firsts.add(read(pool, request));
      }
    }
    pool.settle();
    var second = read(pool, request);
    time.runUntil(second::isDone);
    assertThat(firsts.get(firsts.size() - 1)).isNotDone();
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
    var pool =
        new ServerPool(own, new SplittableRandom(SEED), new Trigger(begin, Long.MAX_VALUE, factor));
    var call = read(pool, pool.next());
    own.runUntil(call::isDone);
    return own.nanos() - begin;
  }

  private ServerPool pool(double factor) {
    return new ServerPool(time, new SplittableRandom(SEED), new Trigger(0, Long.MAX_VALUE, factor));
  }

  private CompletableFuture<ReadResult> read(ServerPool pool, ReadRequest request) {
    return pool.read(request, context());
  }

  private CallContext context() {
    return CallContext.of(Deadline.after(Duration.ofSeconds(1), time));
  }
}
