package dev.tiercel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.builtin.Backends;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Unavailable;
import dev.tiercel.observe.ProbePolicy;
import dev.tiercel.testing.StagedBackend;
import dev.tiercel.testing.StagedBackend.Point;
import dev.tiercel.time.SystemTime;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * How a blocking call waits: interruptible, without pinning a virtual thread, and not at all on a
 * local hit.
 */
class BlockingTest {

  private final SystemTime time = new SystemTime("blocking-test");
  private final StagedBackend source = new StagedBackend(Backends.inMemoryStore(1 << 20, time));
  private final ServingClient client = ServingClient.create();
  private final Keyspace<String, String> keyspace =
      client.keyspace(KeyspaceSpec.builder("blocking", KeyFormat.string(), Codecs.utf8())
          .source(source)
          .deadline(Duration.ofSeconds(30))
          .build());

  @AfterEach
  void close() {
    source.pass();
    client.close();
    time.close();
  }

  @Test
  void interruptedRead_endsAsUnavailableAndStaysInterrupted() throws Exception {
    var held = source.holdReads(Point.REQUEST);
    var failure = interrupted(held, () -> keyspace.get("key"));

    assertThat(failure).isInstanceOf(Unavailable.class).hasMessageContaining("interrupted");
    assertThat(held.cancelled()).isEqualTo(1);
  }

  @Test
  void interruptedWrite_endsAsUnknownAndGoesOn() throws Exception {
    var held = source.holdWrites(Point.REQUEST);
    var failure = interrupted(held, () -> keyspace.put("key", "value"));
    assertThat(failure).isInstanceOf(OutcomeUnknown.class);

    held.release();

    assertThat(keyspace.get("key", ReadOptions.defaults().maxStaleness(Duration.ZERO)))
        .isEqualTo("value");
  }

  private static Throwable interrupted(StagedBackend.Hold held, Supplier<?> call) throws Exception {
    var failure = new CompletableFuture<Throwable>();
    var thread = new Thread(
        () -> {
          try {
            var unused = call.get();
            failure.complete(new AssertionError("no failure"));
          } catch (RuntimeException thrown) {
            failure.complete(
                Thread.currentThread().isInterrupted()
                    ? thrown
                    : new AssertionError("not interrupted", thrown));
          }
        },
        "interrupted");
    thread.start();
    held.awaitArrival();
    thread.interrupt();
    return failure.get(10, TimeUnit.SECONDS);
  }

  /** On a JDK without virtual threads the same holds for platform threads, trivially. */
  @Test
  void manyVirtualThreads_waitForOneValueWithoutHoldingTheirCarriers() throws Exception {
    var threads = 200;
    var held = source.holdReads(Point.REQUEST);
    var begun = new CountDownLatch(threads);
    var values = new ArrayList<CompletableFuture<String>>();
    for (var i = 0; i < threads; i++) {
      var value = new CompletableFuture<String>();
      values.add(value);
      start(() -> {
        begun.countDown();
        value.complete(keyspace.get("key"));
      });
    }

    // With pinned carriers only as many would ever begin as there are processors.
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    held.awaitArrival();
    held.release();
    for (var value : values) {
      assertThat(value.get(20, TimeUnit.SECONDS)).isNull();
    }
  }

  private static void start(Runnable task) throws ReflectiveOperationException {
    for (Method method : Thread.class.getMethods()) {
      if (method.getName().equals("startVirtualThread")) {
        method.invoke(null, task);
        return;
      }
    }
    new Thread(task).start();
  }

  @Test
  void localHit_allocatesNothing() {
    assertHitsAllocateNothing(keyspace);
  }

  @Test
  void localHit_withTheProbeOn_allocatesNothing() {
    assertHitsAllocateNothing(
        client.keyspace(KeyspaceSpec.builder("probed", KeyFormat.string(), Codecs.utf8())
            .source(source)
            .deadline(Duration.ofSeconds(30))
            .probe(ProbePolicy.defaults())
            .build()));
  }

  private static void assertHitsAllocateNothing(Keyspace<String, String> keyspace) {
    keyspace.put("key", "value");
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    var rounds = 100_000;
    assertThat(hits(keyspace, rounds)).isEqualTo(2 * rounds);

    var before = threads.getCurrentThreadAllocatedBytes();
    var hits = hits(keyspace, rounds);
    var allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(hits).isEqualTo(2 * rounds);
    // Caffeine grows its read buffers now and then; a single object per hit would be 1.6 MB at
    // least.
    assertThat(allocated).isLessThan(rounds);
  }

  private static int hits(Keyspace<String, String> keyspace, int rounds) {
    var hits = 0;
    for (var round = 0; round < rounds; round++) {
      hits += keyspace.get("key") == null ? 0 : 1;
      hits += keyspace.get("key", ReadOptions.defaults()) == null ? 0 : 1;
    }
    return hits;
  }
}
