package dev.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.testing.FakeTime;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InFlightTableTest {

  private final InFlightTable<String, String> table = new InFlightTable<>();
  private final Deadline deadline = Deadline.after(Duration.ofSeconds(1), new FakeTime());

  @Test
  void join_loadUnderWay_sharesIt() {
    var opener = join("key");
    var joiner = join("key");

    assertThat(opener.opened()).isTrue();
    assertThat(joiner.opened()).isFalse();
    assertThat(joiner.load()).isSameAs(opener.load());
    table.complete(opener.load(), "value");
    assertThat(joiner.load().result()).isCompletedWithValue("value");
  }

  @Test
  void join_afterTheLoadEnded_opensAnother() {
    table.complete(join("key").load(), "value");
    assertThat(join("key").opened()).isTrue();

    table.fail(join("other").load(), new IllegalStateException());
    assertThat(join("other").opened()).isTrue();
    assertThat(table.size()).isEqualTo(2);
  }

  @Test
  void leave_onlyTheLastReaderCancelsTheLoad() {
    var opener = join("key");
    var joiner = join("key");

    table.leave(opener.load());
    assertThat(joiner.load().result()).isNotDone();

    table.leave(joiner.load());
    assertThat(joiner.load().result()).isCancelled();
    assertThat(table.size()).isZero();
    assertThat(join("key").opened()).isTrue();
  }

  @Test
  void detach_laterReadersOpenANewLoad_earlierOnesKeepTheirs() {
    var before = join("key");
    table.detach("key");
    var after = join("key");

    assertThat(after.opened()).isTrue();
    table.complete(before.load(), "old");
    assertThat(before.load().result()).isCompletedWithValue("old");
    assertThat(after.load().result()).isNotDone();
    assertThat(join("key").load()).isSameAs(after.load());
  }

  @Test
  void join_notesTheFenceWhenItOpens() {
    var ticket = table.join("key", key -> 42, deadline);

    assertThat(ticket.load().fence()).isEqualTo(42);
    assertThat(table.join("key", key -> 43, deadline).load().fence()).isEqualTo(42);
  }

  @Test
  void joinAndLeave_byManyThreads_everyLoadHasOneOpenerAndIsNeverLeftBehind() throws Exception {
    var threads = 8;
    var rounds = 2_000;
    var pool = Executors.newFixedThreadPool(threads);
    var opened = new AtomicInteger();
    var ended = new AtomicInteger();
    var done = new CountDownLatch(threads);
    for (var thread = 0; thread < threads; thread++) {
      pool.execute(() -> {
        for (var round = 0; round < rounds; round++) {
          var ticket = join("key");
          if (ticket.opened()) {
            opened.incrementAndGet();
            ticket.load().result().whenComplete((value, failure) -> ended.incrementAndGet());
          }
          table.leave(ticket.load());
        }
        done.countDown();
      });
    }

    assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    pool.shutdownNow();
    assertThat(ended).hasValue(opened.get());
    assertThat(table.size()).isZero();
  }

  private InFlightTable.Ticket<String, String> join(String key) {
    return table.join(key, same -> 0, deadline);
  }
}
