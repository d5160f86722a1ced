package dev.tiercel;

import static dev.tiercel.Rig.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.builtin.Backends;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Unavailable;
import dev.tiercel.testing.StagedBackend;
import dev.tiercel.testing.StagedBackend.Point;
import dev.tiercel.time.SystemTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * G14: {@code close()} drains what is on its way within a time limit, releases everything and
 * leaves no thread behind.
 */
class CloseTest {

  private final SystemTime time = new SystemTime("close-test");
  private final AtomicInteger closed = new AtomicInteger();
  private final StagedBackend source =
      new StagedBackend(new ForwardingBackend(Backends.inMemoryStore(1 << 20, time)) {
        @Override
        public void close() {
          closed.incrementAndGet();
          super.close();
        }
      });

  private ServingClient client(Duration drainTime) {
    return ServingClient.builder().drainTime(drainTime).build();
  }

  private Keyspace<String, String> keyspace(ServingClient client) {
    return client.keyspace(KeyspaceSpec.builder("closing", KeyFormat.string(), Codecs.utf8())
        .source(source)
        .deadline(Duration.ofSeconds(30))
        .build());
  }

  @Test
  void close_waitsForCallsOnTheirWay() throws Exception {
    var client = client(Duration.ofSeconds(20));
    var async = keyspace(client).async();
    var held = source.holdReads(Point.REQUEST);
    var read = async.get("key");
    held.awaitArrival();

    var closing =
        CompletableFuture.runAsync(client::close, task -> new Thread(task, "closing").start());
    held.release();

    closing.get(10, TimeUnit.SECONDS);
    assertThat(read.get(10, TimeUnit.SECONDS)).isNull();
    assertThat(closed).hasValue(1);
  }

  @Test
  void close_callThatDoesNotEnd_isFailedWhenTheDrainTimeIsOver() {
    var client = client(Duration.ofMillis(20));
    var async = keyspace(client).async();
    var reads = source.holdReads(Point.REQUEST);
    var read = async.get("key");
    reads.awaitArrival();

    client.close();

    assertThatThrownBy(() -> read.get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(Unavailable.class);
    assertThat(closed).hasValue(1);
  }

  @Test
  void close_writeThatDoesNotEnd_isOfUnknownOutcome() {
    var client = client(Duration.ofMillis(20));
    var async = keyspace(client).async();
    var writes = source.holdWrites(Point.REQUEST);
    var write = async.put("key", "value");
    writes.awaitArrival();

    client.close();

    assertThatThrownBy(() -> write.get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(OutcomeUnknown.class);
  }

  @Test
  void callAfterClose_isRefusedAlsoForWhatWasCached() {
    var client = client(Duration.ofSeconds(1));
    var keyspace = keyspace(client);
    keyspace.put("key", "value");
    client.close();

    assertThatThrownBy(() -> keyspace.get("key"))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("client: closed");
    assertThat(failureOf(keyspace.async().put("key", "value"))).isInstanceOf(Unavailable.class);
    assertThatThrownBy(() -> keyspace(client)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void keyspaceMadeWhileTheClientCloses_isRefusedAndItsBackendsReleased() {
    var client = client(Duration.ofSeconds(1));
    var late = new ForwardingBackend(source) {
      @Override
      public Capabilities capabilities() {
        client.close();
        return super.capabilities();
      }
    };

    assertThatThrownBy(
            () -> client.keyspace(KeyspaceSpec.builder("late", KeyFormat.string(), Codecs.utf8())
                .source(late)
                .build()))
        .isInstanceOf(IllegalStateException.class);
    assertThat(closed).hasValue(1);
  }

  @Test
  void close_withAllTheTimeInTheWorld_doesNotOverflow() {
    var client = client(Duration.ofSeconds(Long.MAX_VALUE));
    keyspace(client);
    client.close();

    assertThat(closed).hasValue(1);
  }

  @Test
  void close_twice_closesOnce() {
    var client = client(Duration.ofSeconds(1));
    keyspace(client);
    client.close();
    client.close();

    assertThat(closed).hasValue(1);
  }

  @Test
  void close_backendThatThrows_doesNotKeepTheOthersOpen() {
    var client = client(Duration.ofSeconds(1));
    keyspace(client);
    client.keyspace(KeyspaceSpec.builder("other", KeyFormat.string(), Codecs.utf8())
        .source(new ForwardingBackend(Backends.inMemoryStore(1 << 20, time)) {
          @Override
          public void close() {
            throw new IllegalStateException("no");
          }
        })
        .build());
    client.close();

    assertThat(closed).hasValue(1);
  }

  @Test
  void close_leavesNoThread() throws Exception {
    var before = Thread.getAllStackTraces().keySet();
    var client = client(Duration.ofSeconds(1));
    var async = keyspace(client).async();
    var held = source.holdReads(Point.REQUEST);
    var read = async.get("key");
    held.awaitArrival();
    assertThat(ours()).isPositive();
    CompletableFuture.runAsync(held::release, task -> new Thread(task, "releasing").start())
        .get(10, TimeUnit.SECONDS);
    assertThat(read.get(10, TimeUnit.SECONDS)).isNull();

    client.close();

    for (var thread : Thread.getAllStackTraces().keySet()) {
      if (!before.contains(thread) && thread.getName().startsWith("tiercel-")) {
        thread.join(10_000);
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }

  private static long ours() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("tiercel-"))
        .count();
  }
}
