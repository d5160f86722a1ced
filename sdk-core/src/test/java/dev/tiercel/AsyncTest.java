package dev.tiercel;

import static dev.tiercel.Rig.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.builtin.Backends;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.error.CodecFailure;
import dev.tiercel.error.InvalidRequest;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.StagedBackend;
import dev.tiercel.testing.StagedBackend.Point;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Where and how the futures of the asynchronous view end. */
class AsyncTest {

  private final FakeTime time = new FakeTime();
  private final StagedBackend source = new StagedBackend(Backends.inMemoryStore(1 << 20, time));

  private AsyncKeyspace<String, String> keyspace(Executor executor) {
    var client = ServingClient.builder().time(time).executor(executor).build();
    var spec = KeyspaceSpec.builder("k", KeyFormat.string(), Codecs.utf8())
        .source(source)
        .build();
    return client.keyspace(spec).async();
  }

  @Test
  void everyEnd_isHandedToTheExecutor_failuresToo() {
    Queue<Runnable> handedOver = new ArrayDeque<>();
    var async = keyspace(handedOver::add);
    var held = source.holdReads(Point.REQUEST);
    var succeeds = async.get("a");
    held.release();
    source.pass();
    assertThat(succeeds).isNotDone();
    runAll(handedOver);
    assertThat(succeeds).isCompletedWithValue(null);

    source.holdReads(Point.REQUEST);
    var fails = async.get("b");
    var dependents = new AtomicInteger();
    fails.whenComplete((value, failure) -> dependents.incrementAndGet());
    time.advance(Rig.DEADLINE.plusMillis(5));

    // The timer has fired, on this thread, and none of the caller's code has run on it.
    assertThat(dependents).hasValue(0);
    runAll(handedOver);
    assertThat(dependents).hasValue(1);
    assertThat(fails).isCompletedExceptionally();
  }

  @Test
  void executorThatRefuses_doesNotTurnAnAcknowledgedWriteIntoAFailure() {
    var async = keyspace(task -> {
      throw new RejectedExecutionException("full");
    });
    var held = source.holdWrites(Point.ANSWER);
    var put = async.put("a", "1");
    held.release();

    assertThat(put).isCompletedWithValueMatching(version -> version > 0);
  }

  @Test
  void badInput_isAFailedFutureAndNeverThrown() {
    var async = keyspace(Runnable::run);
    var calls = List.<CompletableFuture<?>>of(
        async.get(null),
        async.get(""),
        async.getAll(Arrays.asList("a", null)),
        async.put("a", null),
        async.replace("a", "b", -1),
        async.replace("a", "b", Long.MAX_VALUE),
        async.update("a", null),
        async.removeAll(null),
        async.expire(""));

    assertThat(calls)
        .allSatisfy(call -> assertThat(failureOf(call)).isInstanceOf(InvalidRequest.class));
    assertThat(failureOf(async.put("a", "\uD800"))).isInstanceOf(CodecFailure.class);
  }

  @Test
  void cancelledRead_letsGoOfTheLoad() {
    var async = keyspace(Runnable::run);
    var held = source.holdReads(Point.REQUEST);
    async.get("a").cancel(true);

    assertThat(held.cancelled()).isEqualTo(1);
  }

  private static void runAll(Queue<Runnable> tasks) {
    for (var task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }
}
