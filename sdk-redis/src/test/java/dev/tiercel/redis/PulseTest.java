package dev.tiercel.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.error.Where;
import dev.tiercel.testing.FakeTime;
import io.lettuce.core.RedisException;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** When a pulse is written, and what it says. */
class PulseTest {

  private static final Duration MAX_LAG = Duration.ofMillis(500);
  private static final Duration GAP = Duration.ofMillis(100);
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final FakeTime time = new FakeTime();
  private final Recorder link = new Recorder();
  private final Links links = new Links(
      new Connector() {
        @Override
        public CompletableFuture<Link> connect() {
          return CompletableFuture.completedFuture(link);
        }

        @Override
        public boolean isOnOwnThread() {
          return false;
        }

        @Override
        public void close() {}
      },
      Backoff.defaults(),
      3,
      new Failures(Where.at("redis", "eu")),
      time,
      new Random(1));
  private final Pulse pulse = new Pulse(7, links, MAX_LAG, time);

  @Test
  void keepUp_writesAtOnce_andFiveTimesInTheLag() {
    pulse.keepUp();
    assertThat(link.sent).hasSize(1);

    for (var i = 0; i < 5; i++) {
      link.answer();
      pulse.keepUp();
      time.advance(GAP);
    }

    assertThat(link.sent).hasSize(6);
    assertThat(text(0)).contains("SET", "pulse:{0000000000000007}", "PX", "11000");
  }

  @Test
  void write_tellsTheReadingFromBeforeItIsSent() {
    link.slowness = Duration.ofMillis(3);
    var before = time.nanos();

    pulse.keepUp();

    assertThat(time.nanos()).isNotEqualTo(before);
    assertThat(text(0))
        .contains(new String(Invocation.number(before), StandardCharsets.ISO_8859_1));
  }

  @Test
  void write_theOneBeforeIsNotAnswered_waits() {
    pulse.keepUp();
    time.advance(GAP.multipliedBy(3));
    assertThat(link.sent).hasSize(1);

    link.answer();
    time.advance(GAP);

    assertThat(link.sent).hasSize(2);
  }

  @Test
  void write_fails_isTriedAgain() {
    pulse.keepUp();
    link.calls.get(0).completeExceptionally(new RedisException("lost"));

    time.advance(GAP);

    assertThat(link.sent).hasSize(2);
  }

  @Test
  void write_theLinkHasFallenSilent_isReplacedAlthoughOneIsAwaited() {
    pulse.keepUp();
    link.usable = false;

    time.advance(GAP);

    assertThat(link.closed).isTrue();
  }

  @Test
  void keepUp_noMore_endsAndSetsNoTimer() {
    link.answering = true;
    pulse.keepUp();
    time.advance(IDLE.plus(GAP));
    var sent = link.sent.size();
    assertThat(sent).isBetween(100, 102);
    assertThat(time.pendingTimers()).isZero();

    time.advance(IDLE);
    assertThat(link.sent).hasSize(sent);

    pulse.keepUp();
    assertThat(link.sent).hasSize(sent + 1);
    assertThat(time.pendingTimers()).isEqualTo(1);
  }

  @Test
  void end_setsNoTimer_andBeginsNoMore() {
    link.answering = true;
    pulse.keepUp();

    pulse.end();
    time.advance(IDLE);
    pulse.keepUp();

    assertThat(link.sent).hasSize(1);
    assertThat(time.pendingTimers()).isZero();
  }

  @Test
  void isCloseTo_upToTheLag() {
    var sentAt = time.nanos();
    var lag = MAX_LAG.toNanos();

    assertThat(pulse.isCloseTo(sentAt, Invocation.number(sentAt - lag))).isTrue();
    assertThat(pulse.isCloseTo(sentAt, Invocation.number(sentAt + lag))).isTrue();
    assertThat(pulse.isCloseTo(sentAt, Invocation.number(sentAt - lag - 1))).isFalse();
    assertThat(pulse.isCloseTo(sentAt, null)).isFalse();
    assertThat(pulse.isCloseTo(sentAt, Invocation.text("other"))).isFalse();
  }

  @Test
  void isCloseTo_readingsThatHaveWrapped_areCompared() {
    var written = Long.MAX_VALUE - 10;

    assertThat(pulse.isCloseTo(written + 100, Invocation.number(written))).isTrue();
    assertThat(pulse.isCloseTo(written + MAX_LAG.toNanos() + 1, Invocation.number(written)))
        .isFalse();
  }

  private String text(int index) {
    return link.sent.get(index);
  }

  /** Keeps what it is to send. */
  private final class Recorder implements Link {
    final List<String> sent = new ArrayList<>();
    final List<RedisCall> calls = new ArrayList<>();
    final Traffic traffic = new Traffic(1000, Duration.ofSeconds(2), time);
    Duration slowness = Duration.ZERO;
    boolean usable = true;
    boolean closed;
    boolean answering;

    @Override
    public List<RedisCall> send(
        List<? extends RedisCommand<byte[], byte[], List<byte[]>>> commands) {
      time.advance(slowness);
      var buffer = Unpooled.buffer();
      commands.forEach(command -> command.encode(buffer));
      sent.add(buffer.toString(StandardCharsets.ISO_8859_1));
      var made =
          commands.stream().map(command -> RedisCall.of(command, traffic)).toList();
      calls.addAll(made);
      if (answering) {
        answer();
      }
      return made;
    }

    void answer() {
      calls.get(calls.size() - 1).complete();
    }

    @Override
    public boolean isUsable() {
      return usable;
    }

    @Override
    public CompletableFuture<Void> close() {
      closed = true;
      return CompletableFuture.completedFuture(null);
    }
  }
}
