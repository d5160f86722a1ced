package dev.tiercel.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.testing.FakeTime;
import io.lettuce.core.RedisException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a command that was cancelled is really gone. */
class LeftoversTest {

  private final Traffic traffic = new Traffic(10, Duration.ofSeconds(2), new FakeTime());
  private final ByteBuf wire = Unpooled.buffer();
  private final RedisCall first = RedisCall.of(FeedCommands.ping(), traffic);
  private final RedisCall second = RedisCall.of(FeedCommands.ping(), traffic);
  private final Leftovers leftovers = new Leftovers();

  @Test
  void cancelled_afterItWasSent_endsWithItsAnswer() {
    send(first, second);
    leftovers.consistOf(List.of(first, second));
    cancel(first, second);
    assertThat(leftovers).isNotDone();

    first.complete();
    first.complete();
    assertThat(leftovers).isNotDone();
    second.complete();

    assertThat(leftovers).isCompleted();
  }

  @Test
  void cancelled_beforeItWasSent_endsAtOnce() {
    leftovers.consistOf(List.of(first, second));
    assertThat(leftovers).isNotDone();

    cancel(first, second);

    assertThat(leftovers).isCompleted();
  }

  @Test
  void connectionLost_endsWhatWasSent() {
    send(first, second);
    leftovers.consistOf(List.of(first, second));
    cancel(first, second);

    traffic.lose();

    assertThat(leftovers).isCompleted();
  }

  @Test
  void connectionLostBefore_endsAtOnce() {
    send(first, second);
    cancel(first, second);
    traffic.lose();

    leftovers.consistOf(List.of(first, second));

    assertThat(leftovers).isCompleted();
  }

  @Test
  void answeredOrRefusedBefore_endsAtOnce() {
    send(first);
    first.complete();
    var refused = RedisCall.refused(FeedCommands.ping(), traffic, new RedisException("full"));

    leftovers.consistOf(List.of(first, refused));

    assertThat(leftovers).isCompleted();
  }

  @Test
  void failedBeforeItWasSent_ends() {
    leftovers.consistOf(List.of(first));

    first.completeExceptionally(new RedisException("not connected"));

    assertThat(leftovers).isCompleted();
  }

  @Test
  void nothing_endsAtOnce() {
    leftovers.consistOf(List.of());

    assertThat(leftovers).isCompleted();
  }

  @Test
  void leave_nothingOnItsWay_leavesNothingAndNothingIsSentAnyMore() {
    var onItsWay = new OnItsWay();

    assertThat(onItsWay.leave()).isNull();
    assertThat(onItsWay.maySend()).isFalse();
  }

  @Test
  void leave_whileARoundIsBeingSent_takesThatRound() {
    var onItsWay = new OnItsWay();
    assertThat(onItsWay.maySend()).isTrue();

    var left = onItsWay.leave();
    assertThat(left).isNotDone();
    send(first);
    onItsWay.sent(List.of(first));
    assertThat(left).isNotDone();
    first.complete();

    assertThat(left).isCompleted();
    assertThat(onItsWay.maySend()).isFalse();
  }

  @Test
  void leave_whileARoundFailsToBeSent_ends() {
    var onItsWay = new OnItsWay();
    onItsWay.maySend();
    var left = onItsWay.leave();

    onItsWay.sent(List.of());

    assertThat(left).isCompleted();
  }

  @Test
  void leave_afterTheSecondRoundWasSent_takesThatOneOnly() {
    var onItsWay = new OnItsWay();
    onItsWay.maySend();
    onItsWay.sent(List.of(first));
    assertThat(onItsWay.maySend()).isTrue();
    send(second);
    onItsWay.sent(List.of(second));

    var left = onItsWay.leave();

    assertThat(onItsWay.leave()).isNull();
    assertThat(left).isNotDone();
    second.complete();
    assertThat(left).isCompleted();
  }

  private void send(RedisCall... calls) {
    assertThat(traffic.admit(calls.length)).isTrue();
    for (var call : calls) {
      call.encode(wire);
    }
  }

  private static void cancel(RedisCall... calls) {
    for (var call : calls) {
      call.cancel(true);
    }
  }
}
