package dev.tiercel.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tiercel.error.Overloaded;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.testing.FakeTime;
import io.lettuce.core.protocol.RedisCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class LinksTest {

  private static final Duration FIRST = Duration.ofMillis(10);
  private static final Duration MOST = Duration.ofMillis(100);

  /** The largest wait there is: one nanosecond less must be refused. */
  private static final RandomGenerator LARGEST = new RandomGenerator() {
    @Override
    public long nextLong() {
      throw new UnsupportedOperationException();
    }

    @Override
    public long nextLong(long bound) {
      return bound - 1;
    }
  };

  private final FakeTime time = new FakeTime();
  private final FakeConnector connector = new FakeConnector();
  private final Links links = new Links(
      connector, new Backoff(FIRST, MOST), 3, new Failures(Where.at("redis", "eu")), time, LARGEST);

  @Test
  void acquire_manyCallsWithoutALink_shareOneAttempt() {
    var first = links.acquire();
    var second = links.acquire();
    assertThat(connector.attempts).hasSize(1);
    assertThat(first).isNotDone();

    var link = connector.succeed();

    assertThat(first).isCompletedWithValue(link);
    assertThat(second).isCompletedWithValue(link);
    assertThat(links.acquire()).isCompletedWithValue(link);
    assertThat(connector.attempts).hasSize(1);
  }

  @Test
  void acquire_tooManyWait_isRefusedAtOnce() {
    links.acquire();
    links.acquire();
    links.acquire();

    assertThat(failure(links.acquire())).isInstanceOf(Overloaded.class);
  }

  @Test
  void acquire_aCancelledCall_letsGo() {
    for (var i = 0; i < 10; i++) {
      links.acquire().cancel(true);
    }
    var waiter = links.acquire();

    var link = connector.succeed();

    assertThat(waiter).isCompletedWithValue(link);
    assertThat(connector.attempts).hasSize(1);
  }

  @Test
  void attempt_fails_waitersFailAndTheNextWaitsLongerEachTime() {
    for (var ceiling : List.of(10, 20, 40, 80, 100, 100)) {
      var waiter = links.acquire();
      var attempts = connector.attempts.size();
      connector.fail(new IOException("refused"));
      assertThat(failure(waiter))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("IOException");

      time.advance(Duration.ofMillis(ceiling).minusNanos(1));
      assertThat(failure(links.acquire())).isInstanceOf(Unavailable.class);
      assertThat(connector.attempts).hasSize(attempts);
      time.advance(Duration.ofNanos(1));
    }
    assertThat(links.acquire()).isNotDone();
  }

  @Test
  void attempt_cannotEvenBegin_isAFailure() {
    connector.thrown = new IllegalStateException("no threads");

    assertThat(failure(links.acquire())).isInstanceOf(Unavailable.class);

    connector.thrown = null;
    time.advance(FIRST);
    assertThat(links.acquire()).isNotDone();
  }

  @Test
  void link_lostAfterALongLife_isReplacedAtOnce() {
    links.acquire();
    var link = connector.succeed();
    time.advance(MOST);
    link.usable = false;

    var waiter = links.acquire();

    assertThat(link.closed).isTrue();
    assertThat(connector.attempts).hasSize(2);
    assertThat(waiter).isNotDone();
    var next = connector.succeed();
    assertThat(waiter).isCompletedWithValue(next);
  }

  @Test
  void link_lostEarly_waitsAsAfterAFailure() {
    links.acquire();
    connector.succeed().usable = false;

    assertThat(failure(links.acquire()))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("lost");
    time.advance(FIRST);
    links.acquire();
    connector.succeed().usable = false;
    assertThat(failure(links.acquire())).isInstanceOf(Unavailable.class);
    time.advance(FIRST);
    assertThat(failure(links.acquire()))
        .as("still in the longer wait")
        .isInstanceOf(Unavailable.class);
    time.advance(FIRST);
    assertThat(links.acquire()).isNotDone();
  }

  @Test
  void close_failsWhoWaits_andEndsTheLinkThatArrivesLate() {
    var waiter = links.acquire();

    links.close(Duration.ofSeconds(1));
    links.close(Duration.ofSeconds(1));

    assertThat(failure(waiter)).isInstanceOf(Unavailable.class).hasMessageContaining("closed");
    assertThat(failure(links.acquire()))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("closed");
    assertThat(connector.succeed().closed).isTrue();
    assertThat(failure(links.acquire())).isInstanceOf(Unavailable.class);
    assertThat(connector.attempts).hasSize(1);
  }

  @Test
  void close_endsTheLink() {
    links.acquire();
    var link = connector.succeed();

    links.close(Duration.ofSeconds(1));

    assertThat(link.closed).isTrue();
    assertThat(failure(links.acquire())).isInstanceOf(Unavailable.class);
  }

  @Test
  void close_onAThreadThatHasToEndTheLink_doesNotWaitForIt() {
    links.acquire();
    var link = connector.succeed();
    var waitedFor = new AtomicBoolean();
    link.end = new CompletableFuture<>() {
      @Override
      public Void get(long limit, TimeUnit unit) {
        waitedFor.set(true);
        return null;
      }
    };
    connector.ownThread = true;

    links.close(Duration.ofSeconds(1));

    assertThat(link.closed).isTrue();
    assertThat(waitedFor).isFalse();
  }

  private static Throwable failure(CompletableFuture<Link> acquired) {
    assertThat(acquired).isDone();
    var thrown = catchThrowable(acquired::join);
    return thrown instanceof CompletionException ? thrown.getCause() : thrown;
  }

  /** Connects when the test says so. */
  private static final class FakeConnector implements Connector {
    final List<CompletableFuture<Link>> attempts = new ArrayList<>();
    RuntimeException thrown;
    boolean ownThread;

    @Override
    public CompletableFuture<Link> connect() {
      if (thrown != null) {
        throw thrown;
      }
      var attempt = new CompletableFuture<Link>();
      attempts.add(attempt);
      return attempt;
    }

    FakeLink succeed() {
      var link = new FakeLink();
      attempts.get(attempts.size() - 1).complete(link);
      return link;
    }

    void fail(Exception failure) {
      attempts.get(attempts.size() - 1).completeExceptionally(failure);
    }

    @Override
    public boolean isOnOwnThread() {
      return ownThread;
    }

    @Override
    public void close() {}
  }

  private static final class FakeLink implements Link {
    boolean usable = true;
    boolean closed;
    CompletableFuture<Void> end = CompletableFuture.completedFuture(null);

    @Override
    public List<RedisCall> send(
        List<? extends RedisCommand<byte[], byte[], List<byte[]>>> commands) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isUsable() {
      return usable;
    }

    @Override
    public CompletableFuture<Void> close() {
      closed = true;
      return end;
    }
  }
}
